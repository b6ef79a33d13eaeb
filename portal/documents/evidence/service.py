"""Making evidence packs, and keeping which were made."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert

from portal.accounts.access import User
from portal.consignments import sealing
from portal.consignments.events import HistorySealed
from portal.consignments.queries import many, one
from portal.core import chain, clock, i18n
from portal.core.db import AnyRow, db, transaction
from portal.documents.evidence import contents, paper, queries
from portal.documents.evidence.contents import PAPER, Stamp, Subject
from portal.documents.evidence.models import EvidencePack

ARCHIVE = "evidence.zip"
REF_BYTES = 15  # 120 bits: nobody guesses one
PATIENCE_S, STEP_S = 1.0, 0.05  # for the relay, which chains what was just recorded
MOST_EVENTS = 2000


@dataclass(frozen=True)
class Made:
    """A pack as it is handed out."""

    ref: str
    no: str
    archive: bytes
    paper: bytes


def make(user: User, no: str, *, url_of: Any, centre: str) -> Made:
    """Return the evidence of the consignment ``no``, as far as ``user`` may know it.

    While nothing happens to it the same person is given the same pack again, to the byte.
    ``url_of(ref)`` is the address at which a pack is checked. Raises NotFound as
    ``consignment_for`` does.
    """
    _wait_for_the_chain(no)
    consignment = one.consignment_for(user, no)
    internal = user.may("events.see_internal")
    language = i18n.tag()
    last = queries.last_pack_of(consignment, user.person_id, language, internal=internal)
    if last is not None:
        stamp = _stamp_of(last, url_of, centre)
        subject = _subject(user, consignment, stamp)
        made, files = _packed(subject, stamp)
        if files == last.files and _is_the_newest(consignment, stamp):
            return made
    position, head_hash = queries.head()
    stamp = Stamp(
        ref=(ref := secrets.token_hex(REF_BYTES)),
        url=url_of(ref),
        made_at=clock.now().replace(microsecond=0),
        language=language,
        internal=internal,
        position=position,
        head_hash=head_hash,
        centre=centre,
    )
    subject = _subject(user, consignment, stamp)
    made, files = _packed(subject, stamp)
    _keep(subject, stamp, files, user)
    return made


def _stamp_of(pack: AnyRow, url_of: Any, centre: str) -> Stamp:
    return Stamp(
        ref=pack.ref,
        url=url_of(pack.ref),
        made_at=pack.made_at,
        language=pack.language,
        internal=pack.internal,
        position=pack.position,
        head_hash=pack.head_hash,
        centre=centre,
    )


def _wait_for_the_chain(no: str) -> None:
    """Let the relay chain what was recorded a moment ago; what it has not by then is said so."""
    until = time.monotonic() + PATIENCE_S
    while queries.is_waiting(no) and time.monotonic() < until:
        db.session.rollback()
        time.sleep(STEP_S)
    db.session.rollback()


def _is_the_newest(consignment: Any, stamp: Stamp) -> bool:
    """Return whether the log says nothing about the consignment behind what a pack covers."""
    position, _ = queries.head()
    covered = len(queries.links_of(consignment, stamp.position))
    return len(queries.links_of(consignment, position)) == covered


def _subject(user: User, consignment: Any, stamp: Stamp) -> Subject:
    events = one.events_of(consignment, internal=stamp.internal, limit=MOST_EVENTS)
    links = queries.links_of(consignment, stamp.position)
    shown = {event.id for event in events}
    papers = [a for a in one.attachments_of(consignment) if a.tracking_event_id in shown]
    incidents = one.incidents_of(consignment)
    return Subject(
        row=consignment,
        pieces=one.pieces_of(consignment),
        events=events,
        attachments=papers,
        incidents=[each for each in incidents if stamp.internal or each.owner_visible],
        company_ref=_company_ref(user, consignment.company_id),
        links=links,
        sealed=_sealed(consignment, links),
    )


def _company_ref(user: User, company_id: int) -> str | None:
    if user.company_id == company_id:
        return user.company_ref
    return many.company_refs({company_id}).get(company_id)


def _sealed(consignment: Any, links: Sequence[queries.Chained]) -> list[sealing.Sealed]:
    """Return the histories under the seal of the consignment; empty where it is under none."""
    for link in links:
        if link.event.name == HistorySealed.name:
            found = queries.sealed_with(link.event, on=db.session.connection())
            if any(each.consignment_id == consignment.id for each in found):
                return found
    return []


def _packed(subject: Subject, stamp: Stamp) -> tuple[Made, dict[str, str]]:
    """Return the pack, and the fingerprints of all that is in it and of itself."""
    subject = _without_strange_seals(subject)
    drawn = paper.draw(subject, stamp)
    found = contents.files_of(subject, stamp, drawn)
    folder = f"evidence-{subject.row.no}"
    archive = contents.packed(folder, found, stamp.made_at)
    sums = {**contents.sums_of(found), ARCHIVE: chain.digest_of(archive)}
    return Made(stamp.ref, subject.row.no, archive, drawn), sums


def _without_strange_seals(subject: Subject) -> Subject:
    """Leave out the seal of neighbours where nothing of this consignment is under it."""
    if subject.sealed:
        return subject
    own = [each for each in subject.links if each.event.name != HistorySealed.name]
    return replace(subject, links=own)


def _keep(subject: Subject, stamp: Stamp, files: dict[str, str], user: User) -> None:
    consignment = subject.row
    on = db.session.connection()
    history = sealing.history_of(consignment.id, consignment.status_seq, on=on)
    row = {
        "ref": stamp.ref,
        "company_id": consignment.company_id,
        "consignment_id": consignment.id,
        "made_at": stamp.made_at,
        "made_by_id": user.person_id,
        "language": stamp.language,
        "internal": stamp.internal,
        "position": stamp.position,
        "head_hash": stamp.head_hash,
        "chain_sha256": queries.fingerprint(subject.links, history),
        "events": consignment.status_seq,
        "files": files,
    }
    with transaction():
        db.session.execute(insert(EvidencePack.__table__).values(row))


__all__ = ["ARCHIVE", "PAPER", "Made", "make"]
