"""Returns at the desk: authorised or refused, inspected, decided for the owner, settled, closed."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Redirect

from portal.accounts.access import User
from portal.accounts.rules import plain
from portal.core import files
from portal.core.errors import NotFound, PortalError, Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.floor.forms import done
from portal.warehousing.floor.service import reading
from portal.warehousing.goods.queries.owners import owner_by_ref
from portal.warehousing.inbound.shown.downloads import picture as sent
from portal.warehousing.outbound.queries.owners import owners_for
from portal.warehousing.returns import rules
from portal.warehousing.returns.queries import one
from portal.warehousing.returns.queries.visible import return_for
from portal.warehousing.returns.service import inspecting, requesting, settling
from portal.warehousing.returns.service.inspecting import Finding
from portal.warehousing.returns.shown import asking, lists, paper, sheets
from portal.warehousing.returns.shown import one as shown
from portal.warehousing.sites.queries import location_by_barcode

bp = Blueprint("returns_desk", __name__)


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


def _page(ref: str) -> str:
    return url_for("returns_desk.show", ref=ref)


def _said(name: str, most: int = rules.MAX_NOTE) -> str:
    return " ".join(plain(request.form.get(name, "")).split())[:most]


@bp.get("")
def index() -> str:
    """Show the returns of every owner."""
    page = lists.listed(_user(), "returns_desk")
    return render_template("warehousing/returns/desk/index.html", **page)


@bp.route("/new", methods=["GET", "POST"])
def new() -> asking.Answer:
    """Enter a return for a company, which is chosen first, such as one that telephones."""
    ref = request.values.get("company", "")
    if not ref:
        found = owners_for(_user())
        return render_template("warehousing/returns/desk/choose.html", owners=found)
    return asking.answer(asking.Asking(_user(), bp.name, owner_by_ref(ref)))


@bp.get("/list")
def rows() -> str:
    """Return the list anew, for pages that follow what comes in."""
    return render_template(
        "warehousing/returns/_list.html", **lists.listed(_user(), "returns_desk")
    )


@bp.get("/export.<any(csv, xlsx):file_format>")
def export(file_format: str) -> Response:
    """Send the returns of every owner that fit as a sheet."""
    return sheets.sent(_user(), lists.wanted_of(_user()), file_format)


@bp.get("/<ref>")
def show(ref: str) -> str:
    """Show one return with what can be done about it."""
    page = shown.page(_user(), ref, "returns_desk")
    return render_template("warehousing/returns/desk/show.html", **page)


@bp.get("/<ref>/now")
def now(ref: str) -> str:
    """Return the same anew, for pages that follow the return."""
    return render_template(
        "warehousing/returns/_one.html", **shown.page(_user(), ref, "returns_desk")
    )


@bp.get("/<ref>/record.pdf")
def record(ref: str) -> Response:
    """Send the record of what came and what became of it."""
    row = return_for(_user(), ref)
    if row.received_at is None:
        raise NotFound(_l("There is no record yet: nothing of it was received."))
    return paper.answer(row)


@bp.get("/<ref>/pictures/<int:part_id>.jpg")
def picture(ref: str, part_id: int) -> Response:
    """Send the picture that was taken when goods were inspected."""
    part = one.part_of(return_for(_user(), ref), part_id)
    if part.picture_key is None:
        raise NotFound(_l("There is no picture of it."))
    return sent(part.picture_key)


@bp.post("/<ref>/answer")
def answer(ref: str) -> Redirect:
    """Authorise a return, or refuse it."""
    row, by_id, note = return_for(_user(), ref), _user().person_id, _said("note")
    is_refused = request.form.get("what") == "refuse"

    def work(on: Connection) -> Any:
        if is_refused:
            requesting.refuse(row.id, row.company_id, note, by_id=by_id, on=on)
            return _l("%(ref)s is refused. The owner reads why.", ref=row.ref)
        requesting.authorise(row.id, row.company_id, note or None, by_id=by_id, on=on)
        return _l("%(ref)s is authorised. The floor expects it.", ref=row.ref)

    return done("return.answer", work, _page(ref))


@bp.post("/<ref>/parts/<int:part_id>/inspect")
def inspect(ref: str, part_id: int) -> Redirect:
    """Keep in what condition goods are."""
    back = request.form.get("back") == "floor"
    page = url_for("returns_floor.inspect", ref=ref) if back else _page(ref)
    row, by_id = return_for(_user(), ref), _user().person_id or 0
    part = one.part_of(row, part_id)
    typed, condition, note = request.form.get("quantity", ""), _said("condition"), _said("note")
    try:
        key = _kept_picture()
    except PortalError as error:
        flash(str(error), "bad")
        return redirect(page, 303)

    def work(on: Connection) -> Any:
        quantity = reading.quantity_of(typed, part)
        finding = Finding(
            condition=condition, quantity=quantity, note=note or None, picture_key=key
        )
        inspecting.inspect(part.id, row.id, row.company_id, finding, by_id=by_id, on=on)
        return _l("%(sku)s: %(condition)s.", sku=part.sku, condition=rules.CONDITIONS[condition])

    return done("return.inspect", work, page)


def _kept_picture() -> str | None:
    """Return the key of the picture that was sent; None without one."""
    file = request.files.get("picture")
    data = file.read() if file is not None and file.filename else b""
    return files.keep_picture(data).key if data else None


@bp.post("/<ref>/parts/<int:part_id>/decide")
def decide(ref: str, part_id: int) -> Redirect:
    """Decide for an owner who said so otherwise, such as by telephone."""
    row, by_id = return_for(_user(), ref), _user().person_id
    part, wanted = one.part_of(row, part_id), request.form.get("disposition", "")

    def work(on: Connection) -> Any:
        inspecting.decide(
            part.id, row.id, row.company_id, wanted, by_id=by_id, whose="centre", on=on
        )
        return _l("Decided: %(what)s.", what=rules.DISPOSITIONS[wanted])

    return done("return.decide_for", work, _page(ref))


@bp.post("/<ref>/parts/<int:part_id>/settle")
def settle(ref: str, part_id: int) -> Redirect:
    """Carry out what was decided."""
    row, by_id = return_for(_user(), ref), _user().person_id or 0
    part = one.part_of(row, part_id)
    where, carrier, number = _said("location", 40), _said("carrier", 100), _said("tracking_no", 100)

    def restock(on: Connection) -> Any:
        place = location_by_barcode(where, row.warehouse_id, on)
        if place is None:
            raise Refused(_l("There is no such location in this warehouse."))
        settling.restock(part.id, row.id, row.company_id, place, by_id=by_id, on=on)
        return _l("Put back to %(place)s.", place=place.code)

    def scrap(on: Connection) -> Any:
        settling.scrap(part.id, row.id, row.company_id, by_id=by_id, on=on)
        return _l("Scrapped.")

    def send_back(on: Connection) -> Any:
        given = {"carrier": carrier, "tracking_no": number}
        settling.send_back(part.id, row.id, row.company_id, **given, by_id=by_id, on=on)
        return _l("Handed to the carrier.")

    ways = {"restock": restock, "scrap": scrap, "send_back": send_back}
    if part.disposition not in ways:
        raise NotFound(_l("Nothing was decided about these goods yet."))
    return done("return.settle", ways[part.disposition], _page(ref))


@bp.post("/<ref>/close")
def close(ref: str) -> Redirect:
    """Close a return whose goods are all dealt with."""
    row, by_id = return_for(_user(), ref), _user().person_id

    def work(on: Connection) -> Any:
        settling.close(row.id, row.company_id, by_id=by_id, on=on)
        return _l("%(ref)s is closed. Its record is ready.", ref=row.ref)

    return done("return.close", work, _page(ref))
