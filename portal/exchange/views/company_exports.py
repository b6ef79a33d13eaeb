"""The register of companies as CSV or XLSX; who took it, and by which conditions, is noted."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response
from flask_login import current_user

from portal.accounts import offers, register
from portal.accounts.access import User
from portal.accounts.company_forms import country_name
from portal.accounts.events import CompaniesExported
from portal.accounts.register import Wanted
from portal.accounts.rules import STANDINGS
from portal.accounts.rules.companies import KINDS, PAYMENT_TERMS
from portal.accounts.views.desk.companies import asked
from portal.core import events
from portal.core.db import transaction
from portal.core.i18n import gettext as _
from portal.exchange.outgoing import attachment
from portal.exchange.rules.writers import Value

bp = Blueprint("company_exports", __name__)


@bp.get("/companies.<any(csv, xlsx):format>")
def companies(format: str) -> Response:
    """Send the companies that fit the register's conditions."""
    user: User = current_user._get_current_object()
    conditions = asked.kept()
    wanted = asked.wanted(conditions)
    with transaction():
        taken = CompaniesExported(
            actor_id=user.person_id,
            company_id=None,
            filters=conditions,
            count=register.count_of(user, wanted),
            file_format=format,
        )
        events.record(taken)
    return attachment(_headers(), _rows(user, wanted), _("companies"), format)


def _headers() -> list[str]:
    return [
        _("Reference"),
        _("Name"),
        _("Name in Latin letters"),
        _("Unified social credit code"),
        _("Standing"),
        _("Part of"),
        _("Kind"),
        _("Country"),
        _("Province or state"),
        _("City"),
        _("Account manager"),
        _("Terms of payment"),
        _("Tariff"),
        _("Colleagues"),
        _("Confirmed on"),
        _("Known since"),
    ]


def _rows(user: User, wanted: Wanted) -> Iterator[Sequence[Value]]:
    tariffs = {key: str(name) for key, name in offers.tariffs()}
    for page in register.every_company(user, wanted):
        for row in page:
            yield _row(row, tariffs)


def _row(row: Any, tariffs: dict[str, str]) -> Sequence[Value]:
    return [
        row.ref,
        row.name,
        row.name_en,
        row.credit_code,
        str(STANDINGS[row.lifecycle]),
        row.merged_into,
        _(", ").join(str(KINDS.get(kind, kind)) for kind in row.kinds),
        country_name(row.country),
        row.region,
        row.city,
        row.manager,
        str(PAYMENT_TERMS.get(row.payment_terms, "")),
        tariffs.get(row.tariff, row.tariff),
        row.colleagues,
        row.confirmed_on,
        row.created_at,
    ]
