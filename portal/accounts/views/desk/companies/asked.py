"""What a reader asks of the register: read from the address, and written back to it."""

from datetime import date
from typing import Any

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from portal.accounts import offers, register
from portal.accounts.company_forms import country_name
from portal.accounts.register import NOBODY, Wanted
from portal.accounts.rules import STANDINGS, plain
from portal.accounts.rules.companies import KINDS, PAYMENT_TERMS
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.core.links import with_query

#: Parameter of the address → field.
NAMES = {
    "q": "words",
    "standing": "standing",
    "kind": "kind",
    "country": "country",
    "place": "place",
    "manager": "manager",
    "terms": "terms",
    "tariff": "tariff",
    "confirm": "confirm",
    "confirmed_from": "confirmed_from",
    "confirmed_to": "confirmed_to",
    "since": "since",
    "until": "until",
    "sort": "sort",
}
DAYS = ("confirmed_from", "confirmed_to", "since", "until")
SORT_TEXT = {
    "newest": _l("Newest first"),
    "name": _l("By name"),
    "confirmed": _l("Longest unconfirmed first"),
}
CONFIRM_TEXT = {"due": _l("To be confirmed"), "overdue": _l("Overdue")}
MOST = 200  # characters of one condition


def kept(args: MultiDict[str, str] | None = None) -> dict[str, str]:
    """Return the conditions of the address that are set, as they stand in it."""
    given = request.args if args is None else args
    asked = {name: plain(given.get(name, "")).strip()[:MOST] for name in NAMES}
    return {name: value for name, value in asked.items() if value}


def wanted(asked: dict[str, str]) -> Wanted:
    """Return what the queries understand; a day that is none counts as not given."""
    values: dict[str, Any] = {NAMES[name]: value for name, value in asked.items()}
    for name in DAYS:
        values[name] = _day(asked.get(name))
    values["country"] = values.get("country", "").upper()
    return Wanted(**values)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def address(asked: dict[str, str]) -> str:
    """Return the address of the list with these conditions."""
    return with_query(url_for("companies_desk.index"), asked.items())


Options = dict[str, list[tuple[str, Any]]]


def chips(asked: dict[str, str], words: Options) -> list[tuple[str, str]]:
    """Return (condition in words, address without it) of each that is set."""
    found = []
    for name, value in asked.items():
        if name == "sort":
            continue
        chosen = dict(words.get(name, ())).get(value, value)
        rest = {key: one for key, one in asked.items() if key != name}
        found.append((f"{LABELS[name]}{_(': ')}{chosen}", address(rest)))
    return found


LABELS: dict[str, Any] = {
    "q": _l("Words"),
    "standing": _l("Standing"),
    "kind": _l("Kind"),
    "country": _l("Country"),
    "place": _l("City or region"),
    "manager": _l("Account manager"),
    "terms": _l("Terms of payment"),
    "tariff": _l("Tariff"),
    "confirm": _l("Confirmation"),
    "confirmed_from": _l("Confirmed from"),
    "confirmed_to": _l("Confirmed until"),
    "since": _l("Known from"),
    "until": _l("Known until"),
}


def options() -> Options:
    """Return parameter → (value, words) of those that are chosen from a list."""
    people = [(str(number), name) for number, name in register.managers()]
    return {
        "standing": [*STANDINGS.items()],
        "kind": [*KINDS.items()],
        "country": [(code, country_name(code)) for code in register.countries_known()],
        "manager": [(NOBODY, _("nobody yet")), *people],
        "terms": [*PAYMENT_TERMS.items()],
        "tariff": [*offers.tariffs()],
        "confirm": [*CONFIRM_TEXT.items()],
        "sort": [*SORT_TEXT.items()],
    }
