"""Which rows of accounts move when two companies turn out to be one."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from portal.accounts import merging
from portal.accounts.merging import Clash, Rows
from portal.accounts.models import ApiKey, CompanyNote, Invitation, Membership, Person
from portal.accounts.roles import ROLE_NAMES
from portal.core.i18n import lazy as _l

_M = Membership.__table__


def join() -> None:
    """Let colleagues, invitations, keys and notes move."""
    merging.provide_rows(
        Rows(_M, unique=("person_id",)), label=_l("Colleagues"), clashes=_people_of_both
    )
    merging.provide_rows(Rows(Invitation.__table__), label=_l("Invitations"))
    merging.provide_rows(Rows(ApiKey.__table__), label=_l("API keys"))
    merging.provide_rows(Rows(CompanyNote.__table__), label=_l("Notes"))


def _people_of_both(gone: int, kept: int, on: Connection) -> Iterable[Clash]:
    """Return who works for both: the role at the company that stays counts."""
    here = _M.alias()
    both = on.execute(
        select(Person.name, here.c.role)
        .join(_M, _M.c.person_id == Person.id)
        .join(here, here.c.person_id == Person.id)
        .where(_M.c.company_id == gone, here.c.company_id == kept)
        .order_by(Person.id)
    ).all()
    if both:
        names = tuple(f"{row.name} ({ROLE_NAMES.get(row.role, row.role)})" for row in both)
        yield Clash(_l("They work for both and keep the role that they have here."), names=names)
