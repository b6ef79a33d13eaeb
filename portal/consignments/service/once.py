"""Creating once: a form that is sent twice makes one consignment."""

import hashlib

from sqlalchemy import Connection, insert, select

from portal.consignments.service import addresses, orders
from portal.consignments.service.orders import Order, Origin
from portal.core import clock
from portal.core.idempotency import IdempotencyKey

_K = IdempotencyKey.__table__
_ROUTE = "form consignments.new"


def create_once(order: Order, origin: Origin, key: str, *, on: Connection) -> tuple[str, bool]:
    """Create a consignment, or find the one that ``key`` has made; return (number, is new).

    Two requests with one key at the same moment: the second raises IntegrityError and finds
    it when it asks again. Records ConsignmentCreated.
    """
    known = made(origin, key, on=on)
    if known is not None:
        return known, False
    order = addresses.with_positions(order, origin.company_id, on=on)
    no = orders.create(order, origin, on=on).no
    on.execute(
        insert(_K).values(
            owner=_owner(origin),
            route=_ROUTE,
            key=key,
            request_hash=key,
            status=201,
            body=no,
            created_at=clock.now(),
        )
    )
    return no, True


def made(origin: Origin, key: str, *, on: Connection) -> str | None:
    """Return the number of the consignment that ``key`` has made, if it has."""
    found = on.scalar(
        select(_K.c.body).where(_K.c.owner == _owner(origin), _K.c.route == _ROUTE, _K.c.key == key)
    )
    return None if found is None else str(found)


def _owner(origin: Origin) -> str:
    return f"{origin.company_id}/{origin.person_id}"


def key_of(once: str, sent: bytes) -> str:
    """Return the key of what was sent: the form's own key together with its content.

    Who goes back, changes something and sends again wants another consignment.
    """
    return hashlib.sha256(once.encode("utf-8", "surrogatepass") + b"\0" + sent).hexdigest()
