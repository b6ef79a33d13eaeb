"""Papers that belong to a notice."""

from sqlalchemy import Connection, func, insert, select

from portal.accounts.service.companies import new_ref
from portal.core import clock, files, scope
from portal.core.errors import Refused
from portal.core.files import Stored
from portal.core.i18n import lazy as _l
from portal.warehousing.inbound.models import InboundFile
from portal.warehousing.inbound.service import held

MOST_FILES = 20  # of one notice
_FILE = InboundFile.__table__


def attach(
    ref: str,
    company_id: int,
    stored: Stored,
    name: str,
    *,
    by: int | None,
    on: Connection,
) -> str:
    """Attach a kept file to a notice; returns the file’s reference.

    Raises Refused for more than MOST_FILES. Records NoticeAmended.
    """
    notice = held.notice(ref, on, company_id=company_id)
    counted = select(func.count()).where(_FILE.c.notice_id == notice.id)
    if (on.scalar(counted.execution_options(**scope.of(company_id))) or 0) >= MOST_FILES:
        raise Refused(_l("A notice has at most %(most)s files.", most=MOST_FILES))
    row = {
        "company_id": company_id,
        "notice_id": notice.id,
        "ref": new_ref("F"),
        "name": files.clean_name(name, stored.media_type),
        "key": stored.key,
        "about": {"type": stored.media_type, "size": stored.size, "sha256": stored.sha256},
        "by_id": by,
        "at": clock.now(),
    }
    on.execute(insert(_FILE).values(**row))
    held.tell_amended(notice, "papers", by=by, on=on)
    return str(row["ref"])
