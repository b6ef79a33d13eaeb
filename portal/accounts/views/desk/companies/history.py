"""What happened to a company, in words."""

from collections.abc import Mapping
from typing import Any

from portal.accounts import company_queries, offers, register
from portal.accounts import events as facts
from portal.accounts.company_forms import country_name
from portal.accounts.models import Company
from portal.accounts.rules import STANDINGS
from portal.accounts.rules.companies import KINDS, PAYMENT_TERMS
from portal.accounts.rules.merging import FIELDS
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l

NOTED = {
    "written": _l("Note written"),
    "edited": _l("Note changed"),
    "pinned": _l("Note pinned"),
    "unpinned": _l("Note no longer pinned"),
}
#: Columns whose changes say nothing to a reader.
HIDDEN = frozenset({"merged_into_id"})


def lines_of(company: Company) -> list[dict[str, Any]]:
    """Return title, text, at and who of each event, the latest first."""
    rows = company_queries.events_of(company)
    names = dict(register.managers()) if rows else {}
    return [
        {
            "title": _title(row),
            "text": _text(row.payload, names),
            "at": row.recorded_at,
            "who": row.who,
        }
        for row in rows
    ]


def _title(row: Any) -> str:
    payload = row.payload
    titles = {
        facts.CompanyConfirmed.name: _("Details confirmed"),
        facts.ConfirmationAsked.name: _("Asked to confirm its details"),
        facts.MergeBegun.name: _("Merge with %(ref)s begun", ref=payload.get("gone", "")),
        facts.CompaniesMerged.name: _("%(ref)s became a part of it", ref=payload.get("gone", "")),
        facts.MergeUndone.name: _("Merge with %(ref)s undone", ref=payload.get("gone", "")),
        facts.CompanyNoted.name: str(NOTED.get(payload.get("action", ""), _("Note"))),
    }
    return titles.get(row.name, _("Details changed"))


def _text(payload: Mapping[str, Any], names: Mapping[int, str]) -> str:
    changes = {name: (before, after) for name, before, after in payload.get("changes") or ()}
    fields = [name for name in payload.get("fields") or () if name not in HIDDEN]
    return _("; ").join(_changed(name, changes.get(name), names) for name in fields)


def _changed(name: str, change: tuple[Any, Any] | None, names: Mapping[int, str]) -> str:
    label = str(LABELS.get(name, name))
    if change is None:
        return label
    before, after = (said(name, value, names) for value in change)
    return f"{label}{_(': ')}{before} → {after}"


LABELS: Mapping[str, Any] = {**FIELDS, "lifecycle": _l("Standing")}


def said(name: str, value: Any, names: Mapping[int, str]) -> str:
    """Return the value of a column in words."""
    if value in (None, "", []):
        return "—"
    if name == "kinds":
        return _(", ").join(str(KINDS.get(kind, kind)) for kind in value)
    if name == "consignor":
        parts = [value.get(part) for part in ("name", "phone", "address", "city")]
        return _(" · ").join(
            str(part) for part in [*parts, country_name(value.get("country"))] if part
        )
    words: Mapping[str, Any] = {
        "lifecycle": STANDINGS.get,
        "payment_terms": PAYMENT_TERMS.get,
        "tariff": offers.tariff_name,
        "country": country_name,
        "account_manager_id": names.get,
    }
    return str((words[name](value) if name in words else value) or value)
