"""Where the asker of a screen works, and what a scan means in an order."""

from decimal import Decimal
from typing import Any

from flask import current_app
from flask_login import current_user
from sqlalchemy import Connection

from portal.accounts.access import User
from portal.core.db import AnyRow, db
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.floor.queries.waiting import presence_of
from portal.warehousing.floor.said import Said
from portal.warehousing.floor.scans import Scan
from portal.warehousing.floor.service import reading
from portal.warehousing.floor.views import here_in
from portal.warehousing.goods.scanning import Scanned
from portal.warehousing.outbound.service.handling import Hand
from portal.warehousing.sites.queries import name_in, warehouses_for


def user() -> User:
    """Return who asks."""
    asker: User = current_user._get_current_object()
    return asker


def house() -> AnyRow | None:
    """Return the warehouse in which the asker works; None: he has to choose it first."""
    asker = user()
    return here_in(warehouses_for(asker), presence_of(asker.person_id))


def connection() -> Connection:
    """Return the connection that a page reads on."""
    return db.session.connection()


def hand(by: User, said: Said) -> Hand:
    """Return whose hand carries a command out, and when his handheld says so."""
    return Hand(by.person_id, said.said_at)


def prefix() -> str:
    """Return the GS1 company prefix of the centre."""
    return str(current_app.config["GS1_COMPANY_PREFIX"])


def name_of(row: Any) -> str:
    """Return what goods are called in the language that is spoken."""
    return name_in(row.names) or str(row.sku)


def goods_in(order: Any, scan: Scan, on: Connection) -> Scanned:
    """Return the goods that were scanned; raises Refused for those of another owner."""
    found = reading.goods_of(scan, [order.company_id], on)
    if found.sku.company_id != order.company_id:
        raise Refused(_l("These goods are another owner’s. Put them back."))
    return found


def count_of(scan: Scan, holds: Decimal) -> Decimal:
    """Return how many base units one scan stands for."""
    return (scan.quantity or Decimal(1)) * holds


class ByUnit:
    """Goods as ``reading.quantity_of`` wants them: by their unit."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
