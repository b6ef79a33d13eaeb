"""The demo centre's warehouses: a full house and a small one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from portal.core.db import AnyRow
from portal.warehousing.sites import starter
from portal.warehousing.sites.models import Location
from portal.warehousing.sites.service import editing

_LOCATION = Location.__table__
#: Codes of the two houses: others of the demo look them up by these.
MAIN, SMALL = "HZ1", "HZ2"
_PARTY = {"city": "杭州", "country": "CN"}
HOUSES: dict[str, dict[str, Any]] = {
    MAIN: {
        "names": {"zh-Hans": "临港一号仓", "zh-Hant": "臨港一號倉", "en": "Harbour warehouse 1"},
        "party": _PARTY
        | {
            "name": "Quayside 临港一号仓",
            "phone": "+8657155500110",
            "address": "萧山区临港大道 88 号 1 号库",
            "postcode": "311231",
        },
        "cut_off": "16:00",
        "slot_minutes": 60,
    },
    SMALL: {
        "names": {
            "zh-Hans": "余杭前置仓",
            "zh-Hant": "餘杭前置倉",
            "en": "Yuhang forward warehouse",
        },
        "party": _PARTY
        | {
            "name": "Quayside 余杭前置仓",
            "phone": "+8657155500120",
            "address": "余杭区良睦路 1399 号 6 号楼",
            "postcode": "311121",
        },
        "cut_off": "18:00",
        "slot_minutes": 30,
    },
}
#: Locations that are blocked, and why.
BLOCKED = {"B03-07-4": "横梁变形，待检修", "A02-11-3": "层板松动，待紧固"}


@dataclass(frozen=True)
class Houses:
    """The two houses of the demo: rows of ``warehouse``."""

    main: AnyRow
    small: AnyRow


def fill(on: Connection) -> Houses:
    """Make the two warehouses with everything that is built in them."""
    layouts = {MAIN: starter.MAIN, SMALL: starter.SMALL}
    made = {
        code: starter.make({"code": code, **values}, layouts[code], by=None, on=on)
        for code, values in HOUSES.items()
    }
    c = _LOCATION.c
    wanted = select(_LOCATION).where(c.warehouse_id == made[MAIN].id, c.code.in_(BLOCKED))
    for row in on.execute(wanted).all():
        editing.block(row, BLOCKED[row.code], by=None, on=on)
    return Houses(made[MAIN], made[SMALL])


def locations_of(warehouse: AnyRow, kind: str, on: Connection, *, zone: str = "") -> list[AnyRow]:
    """Return the open locations of a kind in walking order, for whoever fills them."""
    c = _LOCATION.c
    wanted = select(_LOCATION).where(c.warehouse_id == warehouse.id, c.kind == kind)
    wanted = wanted.where(c.blocked.is_(None), c.code.startswith(zone)).order_by(c.walk)
    return list(on.execute(wanted))
