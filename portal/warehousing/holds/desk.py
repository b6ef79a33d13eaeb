"""Lots at the desk: quality holds and frees any, and sets single pieces apart."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Redirect

from portal.accounts.access import User
from portal.accounts.rules import plain
from portal.core.db import AnyRow
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.quantities import written
from portal.warehousing.floor.forms import done
from portal.warehousing.floor.service import reading
from portal.warehousing.holds import queries, sheets, shown
from portal.warehousing.ledger import holds
from portal.warehousing.ledger.service.apart import Pieces, set_apart

bp = Blueprint("lots_desk", __name__)
_REASONS = {"damaged": "damage", "quarantined": "quality", "approved": "quality"}


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


@bp.get("")
def index() -> str:
    """Show the lots of every owner."""
    page = shown.listed(_user(), "lots_desk")
    return render_template("warehousing/holds/desk/index.html", **page)


@bp.get("/list")
def rows() -> str:
    """Return the list anew, for pages that follow the warehouse."""
    return render_template("warehousing/holds/_list.html", **shown.listed(_user(), "lots_desk"))


@bp.get("/export.<any(csv, xlsx):file_format>")
def export(file_format: str) -> Response:
    """Send every owner's lots that fit as a sheet."""
    return sheets.sent(_user(), shown.wanted_of(), file_format)


@bp.get("/<int:lot_id>")
def show(lot_id: int) -> str:
    """Show one lot, each place where it lies, and its holds."""
    page = shown.one(_user(), lot_id, "lots_desk")
    return render_template("warehousing/holds/desk/show.html", **page)


@bp.get("/<int:lot_id>/now")
def now(lot_id: int) -> str:
    """Return the same anew, for pages that follow the warehouse."""
    page = shown.one(_user(), lot_id, "lots_desk")
    return render_template("warehousing/holds/_one.html", **page)


@bp.post("/<int:lot_id>/hold")
def hold(lot_id: int) -> Redirect:
    """Hold the lot for quality's sake."""
    return shown.set_hold(_user(), lot_id, url_for(".show", lot_id=lot_id))


@bp.post("/<int:lot_id>/holds/<ref>/end")
def lift(lot_id: int, ref: str) -> Redirect:
    """End one of quality's holds."""
    return shown.lift(_user(), lot_id, ref, url_for(".show", lot_id=lot_id))


@bp.post("/<int:lot_id>/pieces")
def pieces(lot_id: int) -> Redirect:
    """Change the status of so many pieces at one place."""
    user = _user()
    lot = queries.lot_for(user, lot_id)
    place = _place(user, lot)
    status = request.form.get("status", "")
    note = " ".join(plain(request.form.get("note", "")).split())[: holds.MAX_REASON]

    def work(on: Connection) -> Any:
        quantity = reading.quantity_of(request_quantity, lot)
        wanted = Pieces(
            company_id=lot.company_id,
            sku_id=lot.sku_id,
            lot_id=lot.id,
            location_id=place.location_id,
            quantity=quantity,
            status=status,
            reason=_REASONS.get(status, "other"),
            balance_id=place.id,
            note=note or None,
        )
        set_apart(wanted, by_id=user.person_id, on=on)
        return _l(
            "Done: %(quantity)s at %(place)s.", quantity=written(quantity), place=place.location
        )

    request_quantity = request.form.get("quantity", "")
    return done("lot.pieces", work, url_for(".show", lot_id=lot_id))


def _place(user: User, lot: AnyRow) -> AnyRow:
    asked = request.form.get("balance", "")
    found = next((row for row in queries.places_of(user, lot) if str(row.id) == asked), None)
    if found is None:
        raise NotFound(_l("The lot does not lie there any more."))
    return found
