"""Notices in any state with one call; say only what the test is about."""

from decimal import Decimal
from typing import Any

from portal.core.db import write
from portal.warehousing.inbound.rules.announcing import Said, SaidLine
from portal.warehousing.inbound.service import finishing, notices, receiving, slots
from portal.warehousing.inbound.service.receiving import Scanned
from tests.warehousing.making import make_location, make_warehouse


class House:
    """A warehouse with one lane for receiving and some places for storage."""

    def __init__(self, pick: int = 2, **values: Any) -> None:
        self.row = make_warehouse(**values)
        self.lane = make_location(self.row, "receive")
        self.picks = [make_location(self.row, "pick") for _ in range(pick)]
        self.reserve = make_location(self.row, "reserve")
        self.hold = make_location(self.row, "hold")

    @property
    def id(self) -> int:
        return self.row.id


def said_line(sku: Any, quantity: int | str = 10, **values: Any) -> SaidLine:
    return SaidLine(sku=sku.code, quantity=Decimal(quantity), **values)


def make_notice(house: House, company: Any, *lines: SaidLine, **values: Any) -> str:
    """Announce goods; return the reference."""
    is_draft = values.pop("is_draft", False)
    said = Said(warehouse_id=house.id, lines=lines, **values)
    made = write(lambda on: notices.announce(said, company.id, is_draft=is_draft, by=None, on=on))
    return made.ref


def make_arrived(house: House, company: Any, *lines: SaidLine, **values: Any) -> str:
    """Announce goods that are at the door."""
    ref = make_notice(house, company, *lines, **values)
    arrive(ref)
    return ref


def arrive(ref: str) -> None:
    write(lambda on: slots.arrive(ref, by=None, on=on))


def receive(ref: str, sku: Any, quantity: int | str = 1, **values: Any) -> receiving.Received:
    by = values.pop("by", None)
    scanned = Scanned(sku_id=sku.id, quantity=Decimal(quantity), **values)
    return write(lambda on: receiving.receive(ref, scanned, by=by, on=on))


def finish(ref: str, by: int | None = None) -> list[Any]:
    return write(lambda on: finishing.finish(ref, by=by, on=on))
