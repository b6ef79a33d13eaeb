"""What a draft may not hold although each of its cells can be read: the limits of the API.

What the import accepts as a new order, ``POST /consignments`` accepts too; a test holds the two
together.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from portal.core.i18n import lazy as _l
from portal.exchange.rules.drafts import Draft
from portal.exchange.rules.problems import Problem

MAX_PIECES = 999
MAX_GRAMS = 100_000_000  # 100 t of one piece
MAX_DECIMALS = 3
MAX_MINOR = 10**15
EARLIEST_YEAR = 2000
FUTURE_TOLERANCE = timedelta(minutes=5)  # clocks of customers differ
FORESEEABLE = timedelta(days=3 * 366)
PARTY = {"name": 100, "address": 300, "city": 60, "postcode": 16}  # characters
GOODS = 200

Headers = Mapping[str, str]


def within_limits(draft: Draft, headers: Headers, now: datetime) -> list[Problem]:
    """Return what is beyond a limit; ``headers`` gives the column of each field."""
    if draft.history is not None:
        return list(_history(draft, headers, now))
    return [*_head(draft, headers, now), *_pieces(draft, headers)]


def _problem(draft: Draft, line: int, headers: Headers, key: str, text: Any, said: Any) -> Problem:
    return Problem(line, headers.get(key, ""), key, str(text), said, kind="limit")


def _history(draft: Draft, headers: Headers, now: datetime) -> Iterator[Problem]:
    delivered = draft.history["delivered"] if draft.history else None
    # The centre may lie half a day ahead of UTC.
    if delivered and delivered > (now + timedelta(hours=14)).date().isoformat():
        said = _l("What happened cannot lie in the future.")
        yield _problem(draft, draft.lines[0], headers, "delivered", delivered, said)


def _head(draft: Draft, headers: Headers, now: datetime) -> Iterator[Problem]:
    order, line = draft.order, draft.lines[0]
    for side in ("consignor", "consignee"):
        for part, most in PARTY.items():
            text = order[side].get(part, "")
            if len(text) > most:
                yield _problem(draft, line, headers, f"{side}_{part}", text, _too_long(most))
    if len(order["pieces"]) > MAX_PIECES:
        said = _l("A consignment has at most %(most)s pieces.", most=MAX_PIECES)
        yield _problem(draft, line, headers, "order_ref", order["order_ref"], said)
    for name, key in (("declared_value", "declared_value"), ("cod", "cod")):
        if name in order and order[name]["minor"] > MAX_MINOR:
            said = _l("This amount is too large.")
            yield _problem(draft, line, headers, key, order[name]["minor"], said)
    yield from _times(draft, headers, now)


def _times(draft: Draft, headers: Headers, now: datetime) -> Iterator[Problem]:
    order, line = draft.order, draft.lines[0]
    if (ordered := order.get("ordered_at")) and (said := _past(ordered, now)):
        yield _problem(draft, line, headers, "ordered_at", ordered, said)
    window = order.get("window")
    if window and datetime.fromisoformat(window["to"]) > now + FORESEEABLE:
        said = _l("That time lies too far in the future.")
        yield _problem(draft, line, headers, "window_to", window["to"], said)
    if window and int(window["from"][:4]) < EARLIEST_YEAR:
        said = _l("That time lies too far in the past.")
        yield _problem(draft, line, headers, "window_from", window["from"], said)


def _past(given: str, now: datetime) -> Any:
    if int(given[:4]) < EARLIEST_YEAR:
        return _l("That time lies too far in the past.")
    if datetime.fromisoformat(given) > now + FUTURE_TOLERANCE:
        return _l("What happened cannot lie in the future.")
    return None


def _pieces(draft: Draft, headers: Headers) -> Iterator[Problem]:
    for line, piece in zip(draft.lines, draft.order["pieces"], strict=True):
        if len(piece["goods"]) > GOODS:
            yield _problem(draft, line, headers, "goods", piece["goods"], _too_long(GOODS))
        if (piece["weight_g"] or 0) > MAX_GRAMS:
            said = _l("A piece weighs at most 100 tonnes.")
            yield _problem(draft, line, headers, "weight", piece["weight_g"], said)
        quantity = piece["quantity"]
        if "." in quantity and -Decimal(quantity).as_tuple().exponent > MAX_DECIMALS:  # type: ignore[operator]
            said = _l("A quantity has at most %(count)s decimals.", count=MAX_DECIMALS)
            yield _problem(draft, line, headers, "quantity", quantity, said)


def _too_long(most: int) -> Any:
    return _l("This is longer than %(limit)s characters.", limit=most)
