"""How applications move when two companies turn out to be one.

That first steps were put away stays with the company whose people did so.
"""

from portal.accounts import merging
from portal.accounts.merging import Rows
from portal.core.i18n import lazy as _l
from portal.membership.models import Application


def join() -> None:
    """Let applications move."""
    merging.provide_rows(Rows(Application.__table__), label=_l("Applications"))
