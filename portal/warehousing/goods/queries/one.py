"""One SKU for those who may see it; a stranger learns nothing."""

from typing import Any

from sqlalchemy import Select, select

from portal.accounts.access import User
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.warehousing.goods.models import Sku
from portal.warehousing.goods.rows import NOT_FOUND, as_code

_SKU = Sku.__table__


def sku_for(user: User, code: str, *, company_id: int | None = None, lock: bool = False) -> AnyRow:
    """Return the SKU ``code`` (all columns) if ``user`` may see it.

    Codes are the owner's own: staff say whose goods they mean by ``company_id``. ``lock`` holds
    the row until the transaction ends. Raises NotFound otherwise.
    """
    owner = company_id if sees_all(user) else user.company_id
    query = visible_to(user, select(_SKU))
    query = query.where(_SKU.c.company_id == owner, _SKU.c.code == as_code(code)[:100])
    found = db.session.execute(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def visible_to(user: User, query: Select[Any]) -> Select[Any]:
    """Limit a query on ``sku`` to what ``user`` may see; raises NotFound for who may see none."""
    if sees_all(user):
        return query.execution_options(**scope.CENTRE)
    if user.company_id is None or not user.may("stock.see"):
        raise NotFound(NOT_FOUND)
    own = query.where(_SKU.c.company_id == user.company_id)
    return own.execution_options(**scope.of(user.company_id))


def sees_all(user: User) -> bool:
    """Return whether ``user`` is of the centre and may see the goods of every owner."""
    return user.company_id is None and user.is_staff and user.may("warehouse.see")
