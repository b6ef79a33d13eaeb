"""What a member is told of his stock on his first page; nothing where he keeps none here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.accounts.access import User
from portal.core.i18n import gettext as _
from portal.warehousing.goods.shown.words import amount, name_of
from portal.warehousing.inbound.queries.answers import to_answer_for
from portal.warehousing.stock.queries import alerts
from portal.warehousing.stock.rules import ALERTS

EACH = 3  # rows of a group


@dataclass(frozen=True)
class Row:
    """One thing to look after: what it is called, its name, and what there is of it."""

    code: str
    url: str
    name: str
    says: str


@dataclass(frozen=True)
class Group:
    """Things of one kind: the newest of them, how many there are, and where all stand."""

    title: str
    total: int
    url: str
    rows: Sequence[Row]


def stock_for(user: User) -> Sequence[Group] | None:
    """Return what is to be looked after; None for a company that keeps nothing here.

    Takes as many statements for much stock as for little: three.
    """
    if not user.may("stock.see"):
        return None
    asked = to_answer_for(user, limit=EACH)
    if not asked and not alerts.has_stock(user):
        return None
    return [*_questions(asked), *_alerts(alerts.newest_for(user, each=EACH))]


def _questions(asked: Sequence[Any]) -> list[Group]:
    if not asked:
        return []
    rows = [
        Row(
            row.ref,
            url_for("inbound.detail", ref=row.ref),
            row.order_ref or "",
            _("%(count)s to answer", count=row.questions),
        )
        for row in asked
    ]
    url = url_for("inbound.index", status="differs")
    return [Group(_("Differences to answer"), asked[0].total, url, rows)]


def _alerts(found: Sequence[Any]) -> list[Group]:
    groups = []
    for kind, title in ALERTS.items():
        mine = [row for row in found if row.kind == kind]
        if mine:
            url = url_for("stock.alerts_list", kind=kind)
            groups.append(Group(str(title), mine[0].total, url, [_row(row) for row in mine]))
    return groups


def _row(row: Any) -> Row:
    if row.kind == "cover":
        says = _("lasts %(days)s days", days=int(row.value))
    elif row.kind == "expiry":
        says = _("%(much)s expire soon", much=amount(row.value, row.unit))
    else:
        free, least = amount(row.value, row.unit), amount(row.threshold, row.unit)
        says = _("%(free)s free, below %(least)s", free=free, least=least)
    return Row(row.code, url_for("stock.sku", code=row.code), name_of(row), says)
