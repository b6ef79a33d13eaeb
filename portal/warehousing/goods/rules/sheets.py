"""Rows of a sheet as goods: what is changed by them, and what is wrong with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

from portal.core.errors import FieldError, Invalid
from portal.core.i18n import lazy as _l
from portal.core.sentences import kept
from portal.warehousing.goods.rules.columns import BY_PATH, COLUMNS, Column, Unreadable, value_of
from portal.warehousing.goods.rules.draft import LARGER_LEVELS, Draft, UnitDraft, tidied
from portal.warehousing.goods.rules.sheet_words import FORMULA, two_alike

#: What may happen with the rows: the good ones enter, all or none, nothing does.
CHOICES = ("good_rows", "all_or_nothing", "dry_run")
MOST_ROWS = 100_000
MOST_TEXT = 60  # characters of a cell that are said again
NO_CODE = _l("This may not be empty.")
NO_CODE_COLUMN = _l("No column of this sheet is called “Code”. Take the template and fill it in.")
#: Values that a column has where it says that there is none.
_NOTHING = {"least_days_in": 0, "least_days_out": 0, "over_receipt_bp": 0}


class Mapped(NamedTuple):
    """A column of the sheet that we know: where it stands and what it is called there."""

    place: int
    header: str
    column: Column


class Problem(NamedTuple):
    """What is wrong with a row: its line, the header and text of the cell, a sentence as JSON."""

    line: int
    column: str
    text: str
    sentence: list[Any]


@dataclass(frozen=True)
class Read:
    """One row: its code, what it says (path of a draft → value), and what cannot be read."""

    line: int
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def mapped(headers: Sequence[str], names: Mapping[str, str]) -> list[Mapped]:
    """Return the columns of a sheet that we know; ``names``: header, lower case → key.

    Raises Invalid where none of them is the code, or two mean the same.
    """
    by_key = {column.key: column for column in COLUMNS}
    found: dict[str, Mapped] = {}
    for place, header in enumerate(headers):
        key = names.get(header.strip().lower())
        if key in found:
            raise two_alike(found[key].header, header)
        if key is not None:
            found[key] = Mapped(place, header, by_key[key])
    if "code" not in found:
        raise Invalid(NO_CODE_COLUMN)
    return list(found.values())


@dataclass(frozen=True)
class Reading:
    """How cells are read: the columns, ``words`` (key → word → code), what takes guards off."""

    columns: Sequence[Mapped]
    words: Mapping[str, Mapping[str, str]]
    unguarded: Callable[[str], str]


def read(line: int, cells: Sequence[str], how: Reading) -> Read:
    """Return what a row says; an empty cell says nothing."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for place, header, column in how.columns:
        text = cells[place].strip()
        if not text:
            continue
        try:
            if text[0] == "=":
                raise Unreadable(FORMULA)
            plain = how.unguarded(text)
            values[column.path] = value_of(column, plain, how.words.get(column.key, {}))
        except Unreadable as fault:
            problems.append(Problem(line, header, text[:MOST_TEXT], kept(fault.message)))
    code = str(values.pop("code", None) or "").strip().upper()
    if not code:
        problems.append(Problem(line, header_of("code", how.columns), "", kept(NO_CODE)))
    return Read(line, code, values, tuple(problems))


def applied(base: Draft | None, row: Read) -> Draft:
    """Return goods as a row wants them: what it does not say stays, or is as usual."""
    draft = base or Draft(code=row.code, names={})
    plain: dict[str, Any] = {
        path: _NOTHING.get(path) if value is None else value
        for path, value in row.values.items()
        if "." not in path and (value is not None or path in _CLEARABLE)
    }
    return tidied(replace(draft, **plain, names=_names(draft, row), units=_units(draft, row)))


_CLEARABLE = frozenset(
    {
        "gtin", "shelf_life_days", "least_days_in", "least_days_out", "temperature_min_c",
        "temperature_max_c", "hazard_un", "hazard_class", "weight_g", "length_mm", "width_mm",
        "height_mm", "low_stock", "low_cover_days", "over_receipt_bp",
    }
)  # fmt: skip


def _names(draft: Draft, row: Read) -> dict[str, str]:
    said = {p.removeprefix("names."): v for p, v in row.values.items() if p.startswith("names.")}
    return {tag: text for tag, text in {**draft.names, **said}.items() if text}


def _units(draft: Draft, row: Read) -> tuple[UnitDraft, ...]:
    known = {unit.level: unit for unit in draft.units}
    for level in LARGER_LEVELS:
        start = f"units.{level}."
        said = {p.removeprefix(start): v for p, v in row.values.items() if p.startswith(start)}
        if "holds" in said and said["holds"] is None:
            known.pop(level, None)
        elif said:
            unit = known.get(level, UnitDraft(level=level, holds=Decimal(0)))
            known[level] = replace(unit, **said)
    return tuple(known.values())


def faults(
    row: Read, wrong: Sequence[FieldError], columns: Sequence[Mapped], cells: Mapping[str, Any]
) -> list[Problem]:
    """Return what is wrong with the goods of a row, at the headers of the sheet.

    ``cells`` gives the values by path, to be said again.
    """
    return [
        Problem(
            row.line,
            header_of(each.field, columns),
            "" if cells.get(each.field) is None else str(cells[each.field])[:MOST_TEXT],
            kept(each.message),
        )
        for each in wrong
    ]


def header_of(path: str, columns: Sequence[Mapped]) -> str:
    """Return what the sheet calls a field of a draft; its own word where it has no such column."""
    path = "names.zh-Hans" if path == "names" else path
    found = next((each.header for each in columns if each.column.path == path), None)
    return found or (str(BY_PATH[path].label) if path in BY_PATH else path)
