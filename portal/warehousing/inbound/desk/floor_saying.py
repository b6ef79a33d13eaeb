"""What the floor says when it receives, and what it is asked to confirm."""

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from portal.core.errors import Invalid
from portal.core.i18n import lazy as _l
from portal.core.links import with_query
from portal.core.quantities import read as read_quantity
from portal.warehousing.floor.commands import HOME
from portal.warehousing.floor.said import Answer, Id, Said
from portal.warehousing.goods.rules import sheet_words
from portal.warehousing.inbound.rules.receiving import Confirm
from portal.warehousing.inbound.service.receiving import Scanned

SCREEN = f"{HOME}/receive"
TASK = "receive"


class Counted(Said):
    """How many of which goods, and what their label says."""

    sku_id: Id
    quantity: str = Field(max_length=20)
    level: str = "each"
    lot: str = Field(default="", max_length=100)
    expires_on: str = Field(default="", max_length=20)
    made_on: str = Field(default="", max_length=20)
    condition: str = "good"
    sscc: str = Field(default="", max_length=18)
    note: str = Field(default="", max_length=500)
    confirmed: str = ""
    reason: str = Field(default="", max_length=500)


class Blind(Said):
    """Whose goods stand at the door unannounced: the company’s reference."""

    company: str


class Closing(Said):
    """A remark on the receipt, and whether more of the notice comes by another vehicle."""

    note: str = Field(default="", max_length=500)
    more: str = ""


_ASKED = "quantity level lot expires_on made_on sscc condition note confirm reason".split()
#: What has to be confirmed → how it is asked for.
_QUESTIONS = {
    "lot": _l("The label differs from the notice. Compare it; then receive all the same."),
    "unannounced": _l("These goods were not announced. Receive them all the same?"),
    "over": _l("That is more than was announced. Count again, or say why it is allowed."),
    "days": _l("They do not last as long as the owner wants. Say why it is allowed."),
}


def is_for_supervisors(confirm: str) -> bool:
    """Return whether what is to be confirmed takes a supervisor."""
    return bool({"over", "days"} & set(confirm.split(",")))


def asked_in(args: Mapping[str, str]) -> Mapping[str, str]:
    """Return what the screen of goods was opened with."""
    return {name: args.get(name, "")[:500] for name in _ASKED}


def question(confirm: str) -> object:
    """Return how the last thing that is to be confirmed is asked for; "" for nothing."""
    return _QUESTIONS.get(confirm.split(",")[-1], "")


def scanned(said: Counted, confirmed: set[str]) -> Scanned:
    """Return what was scanned as receiving knows it; raises Invalid for what cannot be read."""
    try:
        quantity = read_quantity(said.quantity)
    except ValueError:
        raise Invalid(_l("That is no quantity. Type a number such as 12.")) from None
    return Scanned(
        sku_id=said.sku_id,
        quantity=quantity,
        level=said.level,
        lot=said.lot,
        expires_on=_day(said.expires_on),
        made_on=_day(said.made_on),
        condition=said.condition,
        sscc=said.sscc or None,
        note=said.note or None,
        picture_key=said.picture_key,
        said_at=said.said_at,
        confirmed=frozenset(confirmed),
        reason=said.reason or None,
    )


def _day(said: str) -> date | None:
    day = sheet_words.day(said.strip()) if said.strip() else None
    if said.strip() and day is None:
        raise Invalid(_l("Write the date as year-month-day, such as 2026-11-21."))
    return day


def ask(asked: Confirm, said: Counted, ref: str) -> Answer:
    """Show the same goods again with what has to be confirmed; nothing has been done."""
    days = {name: _day(getattr(said, name)) for name in ("expires_on", "made_on")}
    kept = [
        ("sku", str(said.sku_id)),
        *((name, getattr(said, name)) for name in ("quantity", "level", "lot", "condition")),
        *((name, day.isoformat()) for name, day in days.items() if day),
        ("sscc", said.sscc),
        ("note", said.note),
        ("confirm", ",".join(filter(None, (said.confirmed, asked.needs)))),
    ]
    return Answer(
        say=asked.message,
        cue="warn",
        next=with_query(f"{SCREEN}/{ref}/goods", [(name, value) for name, value in kept if value]),
        task=(TASK, ref),
    )
