"""Papers of orders as the portal hands them out, for the centre and for owners."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response
from flask_login import current_user

from portal.core import i18n, limits
from portal.core.aside import aside
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.documents.printing import brand, sent
from portal.fulfilment.papers import facts, label, lists
from portal.fulfilment.papers.facts import Released
from portal.fulfilment.papers.words import words
from portal.warehousing.outbound.queries import packs
from portal.warehousing.outbound.queries.visible import order_for
from portal.warehousing.sites.queries import warehouse_of

bp = Blueprint("release_papers", __name__)
own_bp = Blueprint("own_release_papers", __name__)
_LISTS: dict[str, Callable[..., bytes]] = {
    "packing-list": lists.packing_list,
    "release-note": lists.release_note,
}


def _released(ref: str) -> Released:
    """Return what papers say of an order that the asker may see, once it has cartons."""
    limits.spend("api", current_user.person_id)
    order = order_for(current_user._get_current_object(), ref)
    on = db.session.connection()
    boxes = [box for box in packs.boxes_of(order, on=on) if box.row.status != "open"]
    if not boxes:
        raise Refused(_l("Nothing of this order is packed yet."))
    return facts.of(order, warehouse_of(order.warehouse_id, on=on), boxes)


@bp.get("/<ref>/cartons/<int:number>.pdf", endpoint="label")
def one_label(ref: str, number: int) -> Response:
    """Send the label of one carton."""
    said = _released(ref)
    mine = [carton for carton in said.cartons if carton.number == number]
    if not mine:
        raise NotFound(_l("This order has no such carton."))
    return _labels(said, mine, f"label-{ref}-{number}.pdf")


@bp.get("/<ref>/cartons.pdf")
def labels(ref: str) -> Response:
    """Send the labels of all cartons of an order."""
    said = _released(ref)
    return _labels(said, said.cartons, f"labels-{ref}.pdf")


def _labels(said: Released, cartons: Any, name: str) -> Response:
    return sent(aside(label.draw, i18n.tag(), said, cartons, words(), brand=brand()), name)


def _list(kind: str, ref: str) -> Response:
    said = _released(ref)
    return sent(aside(_LISTS[kind], i18n.tag(), said, words(), brand()), f"{kind}-{said.ref}.pdf")


@bp.get("/<ref>/packing-list.pdf")
def packing_list(ref: str) -> Response:
    """Send the packing list of an order."""
    return _list("packing-list", ref)


@bp.get("/<ref>/release-note.pdf")
def release_note(ref: str) -> Response:
    """Send the release note of an order."""
    return _list("release-note", ref)


@own_bp.get("/<ref>/packing-list.pdf", endpoint="packing_list")
def own_packing_list(ref: str) -> Response:
    """Send the owner the packing list of his order."""
    return _list("packing-list", ref)


@own_bp.get("/<ref>/release-note.pdf", endpoint="release_note")
def own_release_note(ref: str) -> Response:
    """Send the owner the release note of his order."""
    return _list("release-note", ref)
