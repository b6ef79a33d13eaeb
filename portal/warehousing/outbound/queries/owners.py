"""Companies that have orders here, for lists that staff see."""

from sqlalchemy import select

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.queries.visible import sees_all

MOST = 500  # companies to choose from
_COMPANY, _SKU = Company.__table__, Sku.__table__


def owners_for(user: User) -> list[AnyRow]:
    """Return the companies (id, ref, name) that keep goods here, by name; none to members."""
    if not sees_all(user):
        return []
    has_goods = select(_SKU.c.id).where(_SKU.c.company_id == _COMPANY.c.id).exists()
    wanted = select(_COMPANY.c.id, _COMPANY.c.ref, _COMPANY.c.name).where(has_goods)
    wanted = wanted.order_by(_COMPANY.c.name).limit(MOST).execution_options(**scope.CENTRE)
    return list(db.session.execute(wanted))
