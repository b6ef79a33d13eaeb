"""What lies in an evidence pack: names of files and their bytes, the same for the same history."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from portal.consignments import sealing
from portal.consignments.api import json as api
from portal.consignments.events import ConsignmentCreated, TrackingEventRecorded
from portal.core import chain, clock, files
from portal.core.errors import NotFound
from portal.documents.evidence.queries import Chained

ENCLOSED = Path(__file__).parent / "enclosed"
#: Name in the pack → name here, where it is no module of ours.
CHECKERS = {"check.py": "check.py.txt", "check.sh": "check.sh"}
MANIFEST, PAPER = "SHA256SUMS", "evidence.pdf"
_PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_HEADING = "position\tdigest\tprevious\thash\trecord\n"


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What makes one pack differ from another of the same consignment."""

    ref: str
    url: str  # where it is checked
    made_at: datetime
    language: str
    internal: bool
    position: int  # of the end of the log
    head_hash: str
    centre: str

    @property
    def said_at(self) -> str:
        """When it was made, in words that everybody reads alike."""
        return in_centre(self.made_at)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A consignment and all that is known of it, as far as the reader may know it."""

    row: Any
    pieces: Sequence[Any]
    events: Sequence[Any]
    attachments: Sequence[Any]
    incidents: Sequence[Any]
    company_ref: str | None
    links: Sequence[Chained]
    #: The histories under its seal; empty where all of it stands in the log one by one.
    sealed: Sequence[sealing.Sealed]

    def link_of(self, event: Any) -> Chained | None:
        """Return the link of a tracking event; None: it is only sealed, or not chained yet."""
        own = self._links()
        return own.get(event.id) or (own.get(0) if event.seq == 1 else None)

    def _links(self) -> dict[int, Chained]:
        told = {TrackingEventRecorded.name, ConsignmentCreated.name}
        return {
            link.event.payload.get("event_id", 0): link
            for link in self.links
            if link.event.name in told
        }


def in_centre(moment: datetime) -> str:
    """Return an instant as packs, papers and the page that checks them say it.

    In the centre's zone, with the offset: whoever reads it elsewhere knows what is meant.
    """
    at = moment.astimezone(clock.zone())
    offset = at.isoformat(timespec="seconds")[19:]
    return f"{at:%Y-%m-%d %H:%M:%S} {offset}"


def files_of(subject: Subject, stamp: Stamp, paper: bytes) -> dict[str, bytes]:
    """Return name → content of everything in the pack, the manifest last."""
    found = {
        "README.txt": _readme(subject, stamp),
        PAPER: paper,
        "pack.json": _json(_about(subject, stamp)),
        "consignment.json": _json(_consignment(subject)),
        "events.json": _json({"events": _events(subject, stamp)}),
        **{name: (ENCLOSED / kept).read_bytes() for name, kept in CHECKERS.items()},
        **_chain(subject, stamp),
        **_sealed(subject),
        **_photos(subject),
    }
    return {**found, MANIFEST: manifest(sums_of(found))}


def sums_of(found: Mapping[str, bytes]) -> dict[str, str]:
    """Return name → SHA-256."""
    return {name: chain.digest_of(content) for name, content in found.items()}


def manifest(sums: Mapping[str, str]) -> bytes:
    """Return the sums as ``sha256sum -c`` reads them."""
    return "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()


def packed(folder: str, found: Mapping[str, bytes], made_at: datetime) -> bytes:
    """Return the files as one archive: the same bytes for the same files, whoever packs them.

    Nothing is compressed, since compressors differ; photos are already.
    """
    buffer = io.BytesIO()
    at = made_at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in found.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", at)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _json(value: Any) -> bytes:
    return orjson.dumps(value, default=str, option=_PRETTY)


def _readme(subject: Subject, stamp: Stamp) -> bytes:
    text = (ENCLOSED / "README.txt").read_text("utf-8")
    return text.format(
        no=subject.row.no,
        centre=stamp.centre,
        made_at=stamp.said_at,
        ref=stamp.ref,
        url=stamp.url,
        position=stamp.position,
        head_hash=stamp.head_hash,
    ).encode()


def _about(subject: Subject, stamp: Stamp) -> dict[str, Any]:
    return {
        "ref": stamp.ref,
        "verify": stamp.url,
        "made_at": stamp.said_at,
        "made_by": stamp.centre,
        "language": stamp.language,
        "holds_internal_records": stamp.internal,
        "no": subject.row.no,
        "log": {"position": stamp.position, "hash": stamp.head_hash},
        "chain": {"version": chain.VERSION, "genesis": chain.GENESIS},
        "sealed_columns": list(sealing.COLUMNS) if subject.sealed else None,
    }


def _consignment(subject: Subject) -> dict[str, Any]:
    return api.consignment(subject.row, subject.pieces, subject.incidents, subject.company_ref)


def _events(subject: Subject, stamp: Stamp) -> list[dict[str, Any]]:
    held: dict[int, list[Any]] = {}
    for each in subject.attachments:
        held.setdefault(each.tracking_event_id, []).append(each)
    return [
        {
            **api.event(event, held.get(event.id, ()), internal=stamp.internal),
            "position": link.position if (link := subject.link_of(event)) else None,
        }
        for event in subject.events
    ]


def _chain(subject: Subject, stamp: Stamp) -> dict[str, bytes]:
    """Return the links as a table, and the records that the reader may read."""
    lines, records = [_HEADING], {}
    for link in subject.links:
        name = f"chain/{link.position}.json"
        if stamp.internal or link.is_for_owners():
            records[name] = link.record
        else:
            name = "-"
        lines.append(f"{link.position}\t{link.digest}\t{link.previous}\t{link.hash}\t{name}\n")
    return {"chain/chain.tsv": "".join(lines).encode(), **records}


def _sealed(subject: Subject) -> dict[str, bytes]:
    own = [each for each in subject.sealed if each.consignment_id == subject.row.id]
    if not own:
        return {}
    digests = "".join(f"{each.digest}\n" for each in subject.sealed)
    return {"sealed/history.json": own[0].text, "sealed/digests.txt": digests.encode()}


def _photos(subject: Subject) -> dict[str, bytes]:
    found = {}
    for each in subject.attachments:
        try:
            kind = each.media_type.rpartition("/")[2]
            found[f"photos/{each.ref}.{kind}"] = files.read(each.file_key)
        except NotFound:  # it is told of in events.json, with its fingerprint
            continue
    return found
