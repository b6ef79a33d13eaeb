"""Lists that go out as CSV or XLSX, as long as they are."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flask import Blueprint, Response, request
from flask_login import current_user

from portal.accounts.access import User
from portal.accounts.rules import plain
from portal.consignments.queries import incidents
from portal.consignments.queries.figures import Wanted
from portal.consignments.queries.many import Filter
from portal.consignments.rules import numbers
from portal.consignments.shown import sheets
from portal.consignments.shown.asked import Asked
from portal.consignments.shown.figures_asked import AskedFigures
from portal.core import events
from portal.core.db import transaction
from portal.core.i18n import gettext as _
from portal.exchange import listings, queries
from portal.exchange.events import ListExported
from portal.exchange.outgoing import attachment
from portal.exchange.rules.writers import Value

bp = Blueprint("exports", __name__)
FILE = "<any(csv, xlsx):format>"
TABLE = f"<any({', '.join(sheets.SHEETS)}):name>"
CHOSEN = 1000  # numbers named one by one


def asker() -> User:
    """Return who asks, for a reader that goes on after the view has returned."""
    user: User = current_user._get_current_object()
    return user


def _asked() -> tuple[Filter, Sequence[str]]:
    """Return the filter of the list, and the numbers chosen in it, if any."""
    chosen = [numbers.normalise(no) for no in request.args.getlist("no")[:CHOSEN]]
    return Asked.of(request.args).filter(), chosen


def _sent(
    what: str, name: str, headers: list[str], rows: Iterable[Sequence[Value]], file_format: str
) -> Response:
    """Return the sheet, having noted who took it."""
    user = asker()
    with transaction():
        events.record(
            ListExported(
                actor_id=user.person_id,
                company_id=user.company_id,
                what=what,
                file_format=file_format,
            )
        )
    return attachment(headers, rows, name, file_format)


@bp.get(f"/portal/exports/consignments.{FILE}")
def consignments(format: str) -> Response:
    """Send the company's consignments that fit the list's conditions."""
    wanted, chosen = _asked()
    rows = listings.consignment_rows(asker(), wanted, chosen, with_company=False)
    headers = listings.consignment_headers(with_company=False)
    return _sent("consignments", _("consignments"), headers, rows, format)


@bp.get(f"/desk/exports/consignments.{FILE}")
def desk_consignments(format: str) -> Response:
    """Send everybody's consignments that fit the desk's conditions."""
    wanted, chosen = _asked()
    if ref := request.args.get("company"):
        wanted = replace(wanted, company_id=queries.find_company_id(plain(ref)) or -1)
    rows = listings.consignment_rows(asker(), wanted, chosen, with_company=True)
    headers = listings.consignment_headers(with_company=True)
    return _sent("consignments", _("consignments"), headers, rows, format)


@bp.get(f"/desk/exports/incidents.{FILE}")
def desk_incidents(format: str) -> Response:
    """Send the incidents that fit the queue's conditions."""
    company = request.args.get("company")
    wanted = incidents.Wanted(
        state=plain(request.args.get("state", "")),
        kind=plain(request.args.get("kind", "")),
        service=plain(request.args.get("service", "")),
        company_id=(queries.find_company_id(plain(company)) or -1) if company else None,
        handler_id=current_user.person_id if request.args.get("who") == "me" else None,
        nobody=request.args.get("who") == "nobody",
        overdue=bool(request.args.get("overdue")),
        consignment=numbers.normalise(plain(request.args.get("no", ""))),
    )
    rows = listings.incident_rows(asker(), wanted)
    return _sent("incidents", _("incidents"), listings.incident_headers(), rows, format)


@bp.get(f"/portal/exports/pieces.{FILE}")
def pieces(format: str) -> Response:
    """Send the pieces of the company's consignments that fit."""
    rows = listings.piece_rows(asker(), *_asked())
    return _sent("pieces", _("pieces"), listings.piece_headers(), rows, format)


@bp.get(f"/portal/exports/events.{FILE}")
def tracking_events(format: str) -> Response:
    """Send the events of the company's consignments that fit."""
    rows = listings.event_rows(asker(), *_asked())
    return _sent("events", _("events"), listings.event_headers(), rows, format)


@bp.get(f"/portal/exports/addresses.{FILE}")
def addresses(format: str) -> Response:
    """Send the company's address book."""
    headers = [_("Name"), _("Phone"), _("Address"), _("City"), _("Country"), _("Postcode")]
    rows = listings.address_rows(asker())
    return _sent("addresses", _("addresses"), headers, rows, format)


@bp.get(f"/portal/exports/figures.{FILE}")
def figures(format: str) -> Response:
    """Send the company's deliveries by country and month."""
    rows = listings.figure_rows(asker())
    return _sent("figures", _("figures"), listings.figure_headers(), rows, format)


@bp.get(f"/portal/exports/figures/{TABLE}.{FILE}")
def figure_table(name: str, format: str) -> Response:
    """Send the table behind a chart of the company's figures, as the address cuts it."""
    asked = AskedFigures.of(request.args)
    return _table(name, format, asked.wanted(asker().company_id))


@bp.get(f"/desk/exports/figures/{TABLE}.{FILE}")
def desk_figure_table(name: str, format: str) -> Response:
    """Send the table behind a chart of all companies' figures, or of one's."""
    asked = AskedFigures.of(request.args)
    company = (queries.find_company_id(asked.company) or -1) if asked.company else None
    return _table(name, format, asked.wanted(company))


def _table(name: str, file_format: str, wanted: Wanted) -> Response:
    sheet = sheets.SHEETS[name](asker(), wanted)
    return _sent(f"figures-{name}", sheet.title, sheet.headers(), sheet.values(), file_format)
