"""Whether a pack that was made once still agrees with the log, and whether a file is of it."""

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from portal.consignments import sealing
from portal.core.db import AnyRow, db
from portal.documents.evidence import queries

_SUM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Verdict:
    """What the log says today about a pack."""

    #: Its events, and the rows that people see of them, give the same hashes as then.
    events_agree: bool
    #: Where the log ended then, it still has the same hash; what lies before is for ``log verify``.
    head_agrees: bool

    @property
    def agrees(self) -> bool:
        """Whether nothing was altered."""
        return self.events_agree and self.head_agrees


def judge(pack: AnyRow) -> Verdict:
    """Compute the events of a pack anew and compare them with what was handed out."""
    consignment: Any = SimpleNamespace(id=pack.consignment_id, no=pack.no)
    links = queries.links_of(consignment, pack.position)
    history = sealing.history_of(pack.consignment_id, pack.events, on=db.session.connection())
    same = queries.fingerprint(links, history) == pack.chain_sha256
    return Verdict(
        events_agree=same and all(link.is_sound() for link in links),
        head_agrees=queries.hash_at(pack.position) == pack.head_hash,
    )


def as_sum(text: str) -> str | None:
    """Return a SHA-256 as it is written by any program, or None for what is none."""
    plain = re.sub(r"[\s:]|^(sha256|SHA256)[:-]", "", text).lower()
    return plain if _SUM.fullmatch(plain) else None


def file_with(pack: AnyRow, digest: str) -> str | None:
    """Return the name of the file of a pack that has this SHA-256, or None."""
    return next((name for name, held in pack.files.items() if held == digest), None)
