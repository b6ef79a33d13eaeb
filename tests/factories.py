"""Valid objects with one call; say only what the test is about."""

from datetime import timedelta
from itertools import count
from typing import Any

from portal.accounts import service as accounts
from portal.accounts.access import User
from portal.accounts.models import Company, Person
from portal.accounts.roles import rights_of
from portal.accounts.service.keys import create_key
from portal.consignments.queries.one import consignment_for, head_for
from portal.consignments.service import orders, tracking
from portal.consignments.service.orders import Created, Order, Origin, Party, Unit
from portal.consignments.service.tracking import NewEvent, Pushed
from portal.core import clock
from portal.core.db import db, transaction, write

serial = count(1)
PASSWORD = "quayside-demo"


def make_company(**values: Any) -> Company:
    """Make a company that is a member."""
    with transaction():
        return accounts.create_company(values.pop("name", f"Company {next(serial)}"), **values)


def make_person(*, staff_role: str | None = None, **values: Any) -> Person:
    """Make somebody who can sign in with PASSWORD."""
    number = next(serial)
    email = values.pop("email", f"person{number}@quayside.example")
    with transaction():
        return accounts.create_person(
            email, values.pop("name", f"Person {number}"), PASSWORD, staff_role=staff_role, **values
        )


def make_colleague(company: Company | None = None, role: str = "owner", **values: Any) -> Person:
    """Make a person with a role in a company (default: in a new one)."""
    company = company or make_company()
    person = make_person(**values)
    with transaction():
        accounts.add_colleague(person, company, role)
    return person


def make_dispatcher(**values: Any) -> Person:
    """Make a dispatcher of the centre."""
    return make_person(staff_role="dispatcher", **values)


def make_key(person: Person, company: Company | None = None, scopes: tuple[str, ...] = ()) -> str:
    """Make an API key for a person."""
    with transaction():
        return create_key(person, company, label="test", scopes=scopes)


def user_of(person: Person, company: Company | None = None, role: str = "owner") -> User:
    """Return the person as a request would know him."""
    return User(
        person_id=person.id,
        name=person.name,
        email=person.email,
        company_id=company.id if company else None,
        company_ref=company.ref if company else None,
        role=role if company else None,
        staff_role=person.staff_role,
        rights=rights_of(role if company else None, person.staff_role),
    )


def party(**values: Any) -> Party:
    """Return a complete party in Hangzhou."""
    usual = {
        "name": "周敏",
        "phone": "+8613800006021",
        "address": "文一西路 998 号",
        "city": "杭州",
        "country": "CN",
        "postcode": "311121",
    }
    return Party(**(usual | values))


def make_order(**values: Any) -> Order:
    """Return an order of one piece."""
    usual: dict[str, Any] = {
        "order_ref": f"SO-{next(serial)}",
        "service": "standard",
        "consignor": party(name="华东家居 三仓"),
        "consignee": party(),
        "pieces": [
            Unit(goods="洗衣液", weight_g=12_500, length_mm=400, width_mm=300, height_mm=300)
        ],
        "ordered_at": clock.now() - timedelta(hours=1),
    }
    return Order(**(usual | values))


def make_consignment(company: Company | None = None, **values: Any) -> Created:
    """Create a consignment of a company (default: of a new one)."""
    company = company or make_company()
    origin = Origin(company.id, None, "manual", "6901234")
    order = make_order(**values)
    return write(lambda on: orders.create(order, origin, on=on))


def push(
    no: str, code: str, *, source: str = "scan", by: User | None = None, **values: Any
) -> Pushed:
    """Record an event as a scanner does (``source="manual"`` claims it as a person)."""
    asker = by or User(
        person_id=0,
        name="",
        email="",
        staff_role="dispatcher",
        rights=rights_of(None, "dispatcher"),
    )
    new = NewEvent(**({"code": code, "occurred_at": clock.now(), "source": source} | values))
    actor = by.person_id if by else None
    return write(lambda on: tracking.push(head_for(asker, no, on=on), new, by=actor, on=on))


def reload(no: str) -> Any:
    """Return the consignment as it is now."""
    db.session.rollback()
    asker = User(person_id=0, name="", email="", rights=rights_of(None, "dispatcher"))
    return consignment_for(asker, no)
