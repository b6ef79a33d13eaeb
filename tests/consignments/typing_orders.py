"""What people type into the form of an order, and what became of it."""

from sqlalchemy import func, select

from portal.consignments.models import Address, Consignment
from portal.core import clock, scope
from portal.core.db import db as database

NEW = "/portal/consignments/new"


def typed(**changes):
    """Return what somebody typed who left nothing out."""
    form = {
        "once": "key-1",
        "do": "order",
        "order_ref": "SO-1",
        "service": "standard",
        "pieces-0-goods": "洗衣液",
        "pieces-0-copies": "1",
        "pieces-0-quantity": "24",
        "pieces-0-weight": "12.5",
        "pieces-0-length": "40",
        "pieces-0-width": "30",
        "pieces-0-height": "30",
        "declared_currency": "CNY",
        "cod_currency": "CNY",
    }
    for side, name in (("consignor", "华东家居 三仓"), ("consignee", "周敏")):
        form |= {
            f"{side}-name": name,
            f"{side}-phone": "138 0000 6021",
            f"{side}-address": "文一西路 998 号",
            f"{side}-city": "杭州",
            f"{side}-country": "CN",
        }
    return form | {key.replace("__", "-"): value for key, value in changes.items()}


def all_of(table=Consignment):
    query = select(table.__table__).order_by(table.__table__.c.id)
    return database.session.execute(query.execution_options(**scope.CENTRE)).all()


def count_of(table=Consignment):
    query = select(func.count()).select_from(table.__table__)
    return database.session.scalar(query.execution_options(**scope.CENTRE))


def entry(company, **changes):
    """Put an entry into the company’s address book; return its reference."""
    values = {
        "ref": f"A{count_of(Address)}",
        "company_id": company.id,
        "name": "Nordwind GmbH",
        "phone": "+4940123456",
        "address": "Hafenstr. 1",
        "city": "Hamburg",
        "country": "DE",
        "postcode": "20457",
        "division_code": None,
        "created_at": clock.now(),
    }
    database.session.execute(Address.__table__.insert().values(**(values | changes)))
    database.session.commit()
    return (values | changes)["ref"]
