"""What goes out as a sheet: columns in the reader's language, rows page by page.

Every listing reads through the doors of consignments (``consignments_for`` and the like), so that
nobody takes out what he may not see, and holds one page in memory however long it is.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select

from portal.accounts.access import User
from portal.consignments.models import Consignment, Piece, TrackingEvent
from portal.consignments.queries import figures, incidents
from portal.consignments.queries.addresses import addresses_for
from portal.consignments.queries.many import Filter, company_names, consignments_for
from portal.consignments.queries.one import missing, sees_all, visible_to
from portal.consignments.rules import expected, vocabulary
from portal.consignments.rules import incident_words as words
from portal.core import clock, i18n, scope
from portal.core.db import db
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.exchange.rules.money import major
from portal.exchange.rules.writers import Value

PAGE = 500  # consignments
_C = Consignment.__table__
_P = Piece.__table__
_E = TrackingEvent.__table__
Values = list[Value]


def consignment_headers(*, with_company: bool) -> list[str]:
    """Return the headers of ``consignment_rows``."""
    return [
        *([_("Company")] if with_company else []),
        _("Consignment"), _("Order number"), _("Status"), _("Service"), _("Ordered"),
        _("Consignor"), _("Consignor’s city"), _("Consignor’s country"),
        _("Consignee"), _("Consignee’s phone"), _("Consignee’s address"), _("Consignee’s city"),
        _("Consignee’s country"), _("Consignee’s postcode"),
        _("Pieces"), _("Weight (kg)"), _("Planned delivery"), _("Estimated delivery"),
        _("Delivered"), _("Latest event"), _("Latest event at"), _("Latest place"),
        _("Declared value"), _("Currency of the declared value"),
        _("Cash on delivery"), _("Currency of the cash on delivery"),
        _("Freight cost"), _("Currency of the freight cost"), _("Mode of transport"), _("Note"),
    ]  # fmt: skip


def consignment_rows(
    user: User, wanted: Filter, chosen: Sequence[str], *, with_company: bool
) -> Iterator[Values]:
    """Yield one row a consignment that ``user`` may see and that fits.

    ``chosen`` numbers, where there are any, take the place of the conditions.
    """
    for page in _pages(user, wanted, chosen):
        names = company_names({row.company_id for row in page}) if with_company else {}
        for row in page:
            company: Values = [names.get(row.company_id, "")] if with_company else []
            yield company + _consignment(row)


def _consignment(row: Row[Any]) -> Values:
    return [
        row.no, row.order_ref, status(row.status), row.service, instant(row.ordered_at),
        row.consignor_name, row.consignor_city, row.consignor_country,
        row.consignee_name, row.consignee_phone, row.consignee_address, row.consignee_city,
        row.consignee_country, row.consignee_postcode,
        row.piece_count, kilograms(row.gross_weight_g), instant(row.delivery_planned),
        instant(expected.delivery(row, clock.now()).at), instant(row.delivery_actual),
        status(row.last_code), instant(row.last_at), row.last_place,
        amount(row.declared_minor, row.declared_currency), row.declared_currency,
        amount(row.cod_minor, row.cod_currency), row.cod_currency,
        amount(row.freight_minor, row.freight_currency), row.freight_currency,
        row.mode, row.note,
    ]  # fmt: skip


def piece_headers() -> list[str]:
    """Return the headers of ``piece_rows``."""
    return [
        _("Consignment"), _("Order number"), _("SSCC"), _("Goods"), _("Quantity"), _("Unit"),
        _("Weight (kg)"), _("Length (cm)"), _("Width (cm)"), _("Height (cm)"), _("Value"),
        _("Currency"),
    ]  # fmt: skip


def piece_rows(user: User, wanted: Filter, chosen: Sequence[str]) -> Iterator[Values]:
    """Yield one row a piece of the consignments that ``consignment_rows`` would give."""
    for page in _pages(user, wanted, chosen):
        heads = {row.id: row for row in page}
        query = select(_P).where(_P.c.consignment_id.in_(heads)).order_by(_P.c.id)
        for piece in db.session.execute(_visible(user, query, _P)).all():
            head = heads[piece.consignment_id]
            yield [
                head.no, head.order_ref, piece.sscc, piece.goods, piece.quantity.normalize(),
                piece.unit, kilograms(piece.weight_g), centimetres(piece.length_mm),
                centimetres(piece.width_mm), centimetres(piece.height_mm),
                amount(piece.value_minor, piece.value_currency), piece.value_currency,
            ]  # fmt: skip


def incident_headers() -> list[str]:
    """Return the headers of ``incident_rows``."""
    return [
        _("Incident"), _("Consignment"), _("Order number"), _("Company"), _("Class"), _("Foreseen"),
        _("Reason"), _("State"), _("Who"), _("Opened"), _("Clock"), pgettext("incident", "Closed"),
        _("Reason of closing"), _("Customer told"),
    ]  # fmt: skip


def incident_rows(user: User, wanted: incidents.Wanted) -> Iterator[Values]:
    """Yield one row an incident that ``user`` may know of and that fits, as the queue has them."""
    after: str | None = None
    while True:
        page = incidents.incidents_for(user, wanted, after=after, limit=PAGE)
        for row in page.items:
            yield [
                row.ref, row.no, row.order_ref, row.company_name, words.kind_text(row.kind),
                pgettext("fact", "yes") if row.predicted else "", words.closing_text(row.reason),
                str(words.STATE_TEXT[row.state]), row.handler_name, instant(row.opened_at),
                instant(row.due_at), instant(row.closed_at),
                words.closing_text(row.closed_reason), instant(row.told_at),
            ]  # fmt: skip
        if page.next is None:
            return
        after = page.next


def event_headers() -> list[str]:
    """Return the headers of ``event_rows``."""
    return [
        _("Consignment"), _("Order number"), _("Number"), _("Event"), _("Code"),
        _("Planned, estimated or actual"), _("Happened"), _("Recorded"), _("Place"), _("Reason"),
        _("Note"), _("Source"), _("Withdraws number"),
    ]  # fmt: skip


def event_rows(user: User, wanted: Filter, chosen: Sequence[str]) -> Iterator[Values]:
    """Yield one row an event; unpublished ones only for those who may see them."""
    for page in _pages(user, wanted, chosen):
        heads = {row.id: row for row in page}
        query = select(_E).where(_E.c.consignment_id.in_(heads))
        if not user.may("events.see_internal"):
            query = query.where(_E.c.published)
        query = query.order_by(_E.c.consignment_id.desc(), _E.c.seq)
        # Their consignments are his; what happened while they were another company's is, too.
        events = db.session.execute(query.execution_options(**scope.CENTRE)).all()
        numbers = {event.id: event.seq for event in events}
        for event in events:
            head = heads[event.consignment_id]
            yield [
                head.no, head.order_ref, event.seq, status(event.code), event.code,
                event.classifier, instant(event.occurred_at), instant(event.recorded_at),
                event.place, event.reason, event.note, event.source,
                numbers.get(event.retracts_id),
            ]  # fmt: skip


def figure_headers() -> list[str]:
    """Return the headers of ``figure_rows``."""
    return [
        _("Month"), _("Country"), _("Delivered"), _("With a planned date"), _("On time"),
        _("On-time share"), _("Weight (kg)"),
    ]  # fmt: skip


def figure_rows(user: User) -> Iterator[Values]:
    """Yield deliveries by country and month."""
    for country in figures.by_country_for(user):
        for each in figures.by_month_for(user, country=country.key):
            if not each.delivered:  # a month in which things were ordered alone
                continue
            share = each.on_time_share
            yield [
                each.key, country.key, each.delivered, each.promised, each.on_time,
                None if share is None else round(share, 4), kilograms(each.weight_g),
            ]  # fmt: skip


def _pages(user: User, wanted: Filter, chosen: Sequence[str]) -> Iterator[list[Row[Any]]]:
    """Yield full rows page by page in the order of the list; reads nothing between pages."""
    if chosen:
        query = select(_C).where(_C.c.no.in_(chosen)).order_by(_C.c.id.desc())
        yield list(db.session.execute(visible_to(user, query)).all())
        return
    after: str | None = None
    while True:
        page = consignments_for(user, wanted, after=after, limit=PAGE)
        ids = [row.id for row in page.items]
        query = visible_to(user, select(_C).where(_C.c.id.in_(ids)))
        full = {row.id: row for row in db.session.execute(query)}
        db.session.commit()
        yield [full[id_] for id_ in ids if id_ in full]
        after = page.next
        if after is None:
            return
        clock.breathe()


def _visible(user: User, query: Any, table: Any) -> Any:
    """Limit a select on what belongs to consignments as ``visible_to`` limits those."""
    if sees_all(user):
        return query.execution_options(**scope.CENTRE)
    if user.company_id is None:
        raise missing()
    own = query.where(table.c.company_id == user.company_id)
    return own.execution_options(**scope.of(user.company_id))


def address_rows(user: User) -> Iterator[Values]:
    """Yield name, phone, address, city, country and postcode of the company's address book."""
    after: str | None = None
    while True:
        page = addresses_for(user, after=after, limit=PAGE)
        for row in page.items:
            yield [row.name, row.phone, row.address, row.city, row.country, row.postcode]
        after = page.next
        if after is None:
            return


def status(code: str) -> str:
    """Return the words of a status or event code."""
    return str(vocabulary.text(code))


def instant(moment: datetime | None) -> datetime | None:
    """Return an instant as the reader's clock shows it, for a sheet that knows no zones."""
    return None if moment is None else i18n.local(moment).replace(tzinfo=None, microsecond=0)


def kilograms(grams: int | None) -> Decimal | None:
    """Return grams as kilograms, exactly."""
    return None if grams is None else Decimal(grams).scaleb(-3)


def centimetres(millimetres: int | None) -> Decimal | None:
    """Return millimetres as centimetres, exactly."""
    return None if millimetres is None else Decimal(millimetres).scaleb(-1)


def amount(minor: int | None, currency: str | None) -> Decimal | None:
    """Return minor units as the amount a sheet adds up."""
    return None if minor is None or not currency else major(minor, currency)
