"""How imports move when two companies turn out to be one."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from portal.accounts import merging
from portal.accounts.merging import Clash, Rows
from portal.core import scope
from portal.core.i18n import lazy as _l
from portal.exchange.models import Import, ImportMapping

_I = Import.__table__
RUNNING = ("checking", "running")


def join() -> None:
    """Let imports move, and how a company's files were understood."""
    merging.provide_rows(Rows(_I), label=_l("Imports"), clashes=_running)
    known = Rows(ImportMapping.__table__, unique=("signature",))
    merging.provide_rows(known, label=_l("Layouts of files"))


def _running(gone: int, _kept: int, on: Connection) -> Iterable[Clash]:
    """Return the imports that still write for the company that goes."""
    query = select(_I.c.ref).where(_I.c.company_id == gone, _I.c.state.in_(RUNNING))
    refs = tuple(on.execute(query.execution_options(**scope.CENTRE)).scalars())
    if refs:
        yield Clash(_l("Imports are under way. Wait until they have ended."), True, names=refs)
