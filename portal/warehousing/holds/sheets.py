"""Lots as a sheet: one row for each, with what lies of it and why it is held."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response

from portal.accounts.access import User
from portal.core import sheets
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.core.sheets import Value
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.holds import queries
from portal.warehousing.holds.queries import Lying, Wanted
from portal.warehousing.ledger.rules import STATUSES

AT_ONCE = 200  # lots read at once
MOST = 100_000  # lots in one sheet
NOTHING = Lying()


def sent(user: User, wanted: Wanted, file_format: str) -> Response:
    """Return the lots that fit as a sheet, with their owners where staff asks."""
    heads = headers(with_company=user.company_id is None)
    return sheets.attachment(heads, rows(user, wanted), _("lots"), file_format)


def headers(*, with_company: bool) -> list[str]:
    """Return the heads of the columns."""
    company = [_("Company")] if with_company else []
    return [
        *company,
        _("SKU"),
        _("Name"),
        _("Lot"),
        _("Made on"),
        _("Use by"),
        pgettext("lot", "Status"),
        _("On hand"),
        _("Free"),
        _("Unit"),
        _("Holds"),
    ]


def rows(user: User, wanted: Wanted) -> Iterator[Sequence[Value]]:
    """Yield a row for each lot that fits, at most MOST."""
    after: str | None = None
    for _page in range(MOST // AT_ONCE):
        page = queries.lots_for(user, wanted, after=after, limit=AT_ONCE)
        lying, holds = queries.lying_of(user, page.items), queries.lasting_of(page.items)
        for lot in page.items:
            head = [lot.company] if user.company_id is None else []
            yield [*head, *_lot(lot, lying.get(lot.id, NOTHING), holds.get(lot.id, ()))]
        after = page.next
        if after is None:
            return


def _lot(lot: Any, lying: Lying, holds: Sequence[Any]) -> list[Value]:
    return [
        lot.sku,
        lot.name,
        lot.code,
        lot.made_on,
        lot.expires_on,
        str(STATUSES[lot.status]),
        lying.on_hand,
        lying.free,
        str(unit_text(lot.unit)),
        "; ".join(hold.reason for hold in holds),
    ]
