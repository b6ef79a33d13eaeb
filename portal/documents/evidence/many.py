"""Evidence packs of many consignments in one archive, made by a worker."""

import zipfile
from typing import Any

from sqlalchemy import Row, select

from portal.accounts import roles
from portal.accounts.access import User
from portal.accounts.models import OPEN, Company, Membership, Person
from portal.core import clock, files, look, scope
from portal.core.db import db, transaction
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.links import abroad
from portal.documents import service as batches
from portal.documents.evidence import service

ZIP = "application/zip"


def make(batch: Row[Any]) -> None:
    """Write the packs of a batch into one file, which may be larger than memory.

    A consignment that is not there any more is left out. Raises Refused where whoever ordered
    it may see nothing now.
    """
    user = _who(batch)
    stored = files.keep(b"", ZIP)
    path = files.path(stored.key)
    try:
        is_whole = _collect(batch, user, path)
        with transaction():
            kept = is_whole and batches.finish(
                batch, key=stored.key, size=path.stat().st_size, pages=len(batch.nos)
            )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if not kept:
        path.unlink(missing_ok=True)


def _collect(batch: Row[Any], user: User, path: Any) -> bool:
    """Put pack after pack into the file; return False where it was cancelled."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for done, no in enumerate(batch.nos, start=1):
            _add(archive, user, no)
            with transaction():
                if not batches.progress(batch, done, done - 1):
                    return False
            clock.breathe()
    return True


def _add(archive: zipfile.ZipFile, user: User, no: str) -> None:
    try:
        made = service.make(user, no, url_of=address, centre=look.centre().name)
    except NotFound:
        return
    archive.writestr(f"evidence-{no}.zip", made.archive)


def address(ref: str) -> str:
    """Return where a pack is checked; outside a request too."""
    return abroad(f"/verify/{ref}")


def _who(batch: Row[Any]) -> User:
    """Return who ordered a batch, with the rights that he has now."""
    query = (
        select(Person, Membership.role, Company.id, Company.ref, Company.lifecycle)
        .outerjoin(
            Membership,
            (Membership.person_id == Person.id) & (Membership.company_id == batch.company_id),
        )
        .outerjoin(Company, Company.id == Membership.company_id)
        .where(Person.id == batch.person_id)
    )
    person, role, company_id, ref, lifecycle = db.session.execute(
        query.execution_options(**scope.CENTRE)
    ).one()
    member_role = role if lifecycle in OPEN else None
    staff_role = person.staff_role if batch.company_id is None else None
    if member_role is None and staff_role is None:
        raise Refused(_l("Whoever ordered this may not see these consignments any more."))
    return User(
        person_id=person.id,
        name=person.name,
        email=person.email,
        company_id=company_id,
        company_ref=ref,
        role=member_role,
        staff_role=staff_role,
        rights=roles.rights_of(member_role, staff_role),
    )
