"""Moves at the desk: the list of tasks, new ones, pick locations and what they lack."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.accounts.forms import Answer, filled, offers, show
from portal.core import pagination
from portal.core.db import AnyRow, db, transaction
from portal.core.errors import FieldError, Invalid, NotFound, PortalError, Refused
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.core.links import with_query
from portal.core.quantities import written
from portal.warehousing.floor.commands import new_key
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.layout.desk.blueprint import NoHouse, houses, to_the_places
from portal.warehousing.layout.queries import contents_of
from portal.warehousing.ledger.rules import REASONS, STATUSES
from portal.warehousing.ledger.service.commands import Command, once
from portal.warehousing.moving import proposing, queries, rules
from portal.warehousing.moving.forms import FaceForm, MoveForm, read_quantity
from portal.warehousing.moving.service import faces, goods, tasks
from portal.warehousing.moving.service.goods import Doing
from portal.warehousing.moving.service.tasks import Wish
from portal.warehousing.sites import queries as sites

bp = Blueprint("moves_desk", __name__)
bp.register_error_handler(NoHouse, to_the_places)
#: What is said of a move; kept with the command's key, and said in the reader's language.
SAID = {"task": _l("Task %(ref)s waits on the floor."), "moved": _l("Moved to %(place)s.")}


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


def _house() -> tuple[AnyRow, Sequence[AnyRow]]:
    """Return the warehouse that the address names, or the first, and all to choose from."""
    found = houses()
    return sites.warehouse_for(_user(), request.args.get("warehouse") or found[0].code), found


def _words(house: AnyRow, every: Sequence[AnyRow]) -> dict[str, Any]:
    return {
        "house": house,
        "houses": [(row.code, f"{row.code} {sites.name_in(row.names)}") for row in every],
        "kinds": rules.KINDS,
        "states": rules.STATES,
        "skipped": rules.SKIPPED,
        "reasons": REASONS,
        "statuses": STATUSES,
        "unit_text": unit_text,
    }


@bp.get("")
def index() -> str:
    """List the tasks of a warehouse, the newest first."""
    return render_template("warehousing/moving/desk/index.html", **_list())


@bp.get("/list")
def rows() -> str:
    """Return the list anew, for pages that follow the warehouse."""
    return render_template("warehousing/moving/desk/_list.html", **_list())


def _list() -> dict[str, Any]:
    house, every = _house()
    state = request.args.get("state", "open")
    state = state if state in rules.STATES else ""
    limit, after = pagination.limit(request.args.get("limit")), request.args.get("after")
    page = queries.tasks_for(_user(), house, state, after=after, limit=limit)
    kept = {"warehouse": house.code, "state": state or "all"}
    place = kept | ({"after": after} if after else {})
    return {
        "page": page,
        "state": state,
        "tabs": _tabs(house, state),
        "first": url_for(".index", **kept) if after else None,
        "older": url_for(".index", **kept, after=page.next) if page.next else None,
        "fragment": with_query(url_for(".rows"), place.items()),
        **_words(house, every),
    }


def _tabs(house: AnyRow, state: str) -> list[tuple[Any, ...]]:
    names = {"open": _("Open"), "done": _("Done"), "skipped": _("Skipped"), "": _("All")}
    count = queries.count_open_for(_user(), house)
    return [
        (
            text,
            url_for(".index", warehouse=house.code, state=name or "all"),
            name == state,
            count if name == "open" else None,
        )
        for name, text in names.items()
    ]


@bp.get("/<ref>")
def detail(ref: str) -> str:
    """Show one task."""
    row = queries.task_for(_user(), ref)
    house = sites.warehouse_of(row.warehouse_id)
    return render_template("warehousing/moving/desk/show.html", row=row, **_words(house, []))


@bp.post("/<ref>/cancel")
def cancel(ref: str) -> Response:
    """Call a task off."""
    row, by = queries.task_for(_user(), ref), _user().person_id
    refusal = _refused(lambda on: tasks.cancel(row.ref, by=by, on=on))
    flash(str(refusal or _("The task is called off.")), "bad" if refusal else "good")
    return redirect(url_for(".detail", ref=ref))


def _refused(work: Callable[[Connection], object]) -> PortalError | None:
    try:
        with transaction():
            work(db.session.connection())
    except (Invalid, Refused, NotFound) as refusal:
        return refusal
    return None


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Move goods from a location: at once, or as a task for the floor."""
    house, every = _house()
    code = request.args.get("from", "")
    place = sites.location_by_barcode(code, house.id) if code else None
    lying = contents_of([place.id]) if place is not None else []
    form = MoveForm(request.form, what=str(lying[0].id) if len(lying) == 1 else None)
    form.what.choices = offers((str(row.id), row.name) for row in lying)
    if request.method == "POST" and form.validate():
        refusal = _refused(lambda on: _do_once(form, house, on))
        if refusal is None:
            return redirect(url_for(".index", warehouse=house.code))
        show(refusal, form)
    page = render_template(
        "warehousing/moving/desk/new.html",
        form=form,
        key=request.form.get("key") or new_key(),
        code=code,
        place=place,
        lying=lying,
        free_of=goods.free_of,
        written=written,
        **_words(house, every),
    )
    return filled(page, form)


def _do_once(form: MoveForm, house: AnyRow, on: Connection) -> None:
    """Do what the form says, once however often it is sent, and say so."""
    said = {name: value for name, value in request.form.items() if name != "csrf_token"}
    command = Command(request.form.get("key", ""), "moves.new", said)
    answer = once(command, _user(), lambda on: _moved(form, house, on), on=on)
    flash(str(SAID[answer["said"]]) % answer["values"], "good")


def _moved(form: MoveForm, house: AnyRow, on: Connection) -> dict[str, Any]:
    """Do what the form says; return what is said of it."""
    target = sites.location_by_barcode(form.to.data or "", house.id, on)
    if target is None:
        message = _l("There is no location with that code.")
        raise Invalid(message, [FieldError("to", message)])
    balance = goods.balance_of(int(form.what.data), None, on)
    if balance.warehouse_id != house.id:
        raise NotFound(_l("These goods do not lie there any more. Look it up again."))
    quantity, by = form.amount() or goods.free_of(balance), _user().person_id
    if quantity <= 0:
        raise Refused(_l("All of it is promised. Nothing can be moved."))
    reason, note = form.reason.data, form.note.data or None
    if request.form.get("do") == "task":
        wish = Wish(balance=balance, quantity=quantity, to_id=target.id, reason=reason, note=note)
        made = tasks.make(wish, by=by, on=on)
        return {"said": "task", "values": {"ref": made.ref}}
    doing = Doing(actor_id=by, reason=reason, note=note)
    goods.move(balance, quantity, target.id, doing, on=on)
    return {"said": "moved", "values": {"place": target.code}}


@bp.route("/replenish", methods=["GET", "POST"])
def replenish() -> Answer | Response:
    """Show what pick locations lack, and make the tasks that bring it."""
    house, every = _house()
    if request.method == "POST":
        chosen, by = frozenset(request.form.getlist("face")), _user().person_id
        made: list[Any] = []
        _refused(lambda on: made.extend(faces.make_tasks(house.id, chosen, by=by, on=on)))
        said = ngettext("%(num)d task is made.", "%(num)d tasks are made.", len(made))
        flash(said, "good" if made else "now")
        return redirect(url_for(".index", warehouse=house.code))
    return render_template(
        "warehousing/moving/desk/replenish.html",
        proposals=proposing.proposals(house.id, db.session.connection()),
        written=written,
        left_alone_h=rules.LEFT_ALONE // timedelta(hours=1),
        **_words(house, every),
    )


@bp.route("/faces", methods=["GET", "POST"])
def face_list() -> Answer:
    """List the pick locations with their least and most, and set them."""
    house, every = _house()
    form = FaceForm(request.form)
    if request.method == "POST" and form.validate():
        refusal = _refused(lambda on: _set_face(form, house, on))
        if refusal is None:
            flash(_("The pick location is set."), "good")
            return redirect(url_for(".face_list", warehouse=house.code))
        show(refusal, form)
    limit = pagination.limit(request.args.get("limit"))
    page = queries.faces_for(_user(), house, after=request.args.get("after"), limit=limit)
    shown = render_template(
        "warehousing/moving/desk/faces.html",
        form=form,
        page=page,
        first=url_for(".face_list", warehouse=house.code) if request.args.get("after") else None,
        older=url_for(".face_list", warehouse=house.code, after=page.next) if page.next else None,
        written=written,
        **_words(house, every),
    )
    return filled(shown, form)


def _set_face(form: FaceForm, house: AnyRow, on: Connection) -> None:
    place = sites.location_by_barcode(form.location.data or "", house.id, on)
    if place is None:
        message = _l("There is no location with that code.")
        raise Invalid(message, [FieldError("location", message)])
    sku = _goods(form)
    least, most = read_quantity(form.least), read_quantity(form.most)
    faces.set_face(place, sku, least, most, by=_user().person_id, on=on)


def _goods(form: FaceForm) -> AnyRow:
    """Return the goods that the form names; where several owners have them, asks for the owner."""
    found = queries.goods_by_code(form.sku.data or "")
    if not found:
        message = _l("There are no goods with that code.")
        raise Invalid(message, [FieldError("sku", message)])
    mine = [row for row in found if row.company_ref == form.owner.data] or found
    if len(mine) > 1:
        form.owner.choices = offers((row.company_ref, row.company) for row in found)
        message = _l("Several owners have goods with this code. Choose whose.")
        raise Invalid(message, [FieldError("owner", message)])
    return mine[0]


@bp.post("/faces/<int:location_id>/<int:sku_id>/remove")
def remove_face(location_id: int, sku_id: int) -> Response:
    """Let a location be filled no more."""
    place = sites.locations_of([location_id]).get(location_id)
    if place is None:
        raise NotFound(_l("There is no such location."))
    house = next((h for h in sites.warehouses_for(_user()) if h.id == place.warehouse_id), None)
    if house is None:
        raise NotFound(_l("There is no such location."))
    sku, by = queries.sku_of(sku_id), _user().person_id
    _refused(lambda on: faces.remove_face(place, sku, by=by, on=on))
    flash(_("It is filled up no more."), "good")
    return redirect(url_for(".face_list", warehouse=house.code))
