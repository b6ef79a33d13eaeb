"""From what a form posts to the value that is kept: tolerant, so that nothing typed is lost.

A value is a text, a list of keys, a mapping (address) or a list of mappings (rows). What is right
is brought into its usual form (``normal``); what is wrong is kept as typed and named by
``problems``.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from portal.membership.rules import codes
from portal.membership.rules.questions import Question

KEPT = 12_000  # characters of one text; more can only be an attack
MOST_ROWS = 40
ADDRESS = ("address", "city", "postcode", "country")
#: Parts of an address that only the portal writes.
PLACE = ("lat", "lon", "confidence", "place", "place_en", "division_code", "chosen")


class Posted(Protocol):
    """What a form sends; a MultiDict is one."""

    def get(self, name: str, default: str) -> str:
        """Return the first value of a name."""
        ...

    def getlist(self, name: str) -> list[str]:
        """Return all values of a name."""
        ...


def clean(text: Any) -> str:
    """Return a text that every database can keep, without space around it."""
    plain = str(text)[:KEPT].replace("\0", "")
    return plain.encode("utf-8", "ignore").decode().replace("\r\n", "\n").strip()


def read(question: Question, posted: Posted, *, prefix: str = "", country: str = "CN") -> Any:
    """Return the value of a question as posted under ``prefix`` and its key."""
    name = prefix + question.key
    if question.kind == "choices":
        return _chosen(question, posted.getlist(name))
    if question.kind == "address":
        return {part: clean(posted.get(f"{name}-{part}", "")) for part in ADDRESS}
    if question.kind == "rows":
        return _rows(question, posted, name, country)
    if question.kind == "yes":
        return "yes" if posted.get(name, "") else ""
    return normal(question, clean(posted.get(name, "")), country)


def _chosen(question: Question, keys: list[str]) -> list[str]:
    offered = [key for key, _, _ in question.choices("en")]
    return [key for key in offered if key in keys]


def _rows(question: Question, posted: Posted, name: str, country: str) -> list[dict[str, Any]]:
    numbers = [each for each in posted.getlist(f"{name}-rows")[:MOST_ROWS] if each.isdigit()]
    return [
        {
            each.key: read(each, posted, prefix=f"{name}-{int(number)}-", country=country)
            for each in question.fields
        }
        for number in numbers
    ]


def normal(question: Question, text: str, country: str) -> str:
    """Return a text in the usual form of its kind, or as it is where it is wrong."""
    if question.kind == "phone" and text:
        return codes.phone(text, country) or text
    if question.kind == "email" and text:
        return codes.email(text) or text
    if question.kind == "credit_code" and text:
        return codes.credit_code(text) if codes.credit_code_fault(text) is None else text
    if question.kind in ("integer", "decimal"):
        return text.replace("\u3000", "").replace(" ", "").replace("，", "").replace(",", "")
    return text


def from_json(question: Question, value: Any, *, country: str = "CN") -> Any:
    """Return a value as a program sends it, in the form in which we keep it.

    What has the wrong shape becomes an empty value, which ``problems`` then names.
    """
    if question.kind == "choices":
        return _chosen(question, [str(each) for each in value] if isinstance(value, list) else [])
    if question.kind == "address":
        given = value if isinstance(value, Mapping) else {}
        return {part: clean(given.get(part) or "") for part in ADDRESS}
    if question.kind == "rows":
        rows = value if isinstance(value, list) else []
        return [_row(question, row, country) for row in rows[:MOST_ROWS]]
    if question.kind == "yes":
        return "yes" if value is True or value == "yes" else ""
    is_plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return normal(question, clean(value) if is_plain else "", country)


def _row(question: Question, row: Any, country: str) -> dict[str, Any]:
    given = row if isinstance(row, Mapping) else {}
    return {
        each.key: from_json(each, given.get(each.key), country=country) for each in question.fields
    }


def is_empty(value: Any) -> bool:
    """Return whether nothing was answered."""
    if isinstance(value, Mapping):
        return not any(value.get(part) for part in ("address", "city", "postcode"))
    if isinstance(value, list):
        return all(is_empty_row(row) if isinstance(row, Mapping) else not row for row in value)
    return value in (None, "")


def is_empty_row(row: Mapping[str, Any]) -> bool:
    """Return whether nothing was entered in a row."""
    return all(not each for each in row.values())
