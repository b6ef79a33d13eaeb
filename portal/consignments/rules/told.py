"""The estimate that the last event made, kept aside while another one has taken its place.

Estimates are judged by what was said at events. Where time alone made another one, the event's
stays beside it as one text until the next event, and comes back at delivery.
"""

from datetime import datetime
from typing import Any, NamedTuple

_NONE = "-"


class Told(NamedTuple):
    """What was said of the delivery by the event number ``seq`` of its consignment."""

    seq: int
    early: datetime | None
    at: datetime | None
    late: datetime | None
    basis: str | None

    @classmethod
    def of(cls, row: Any) -> "Told":
        """Return what is said at present; where it is no event's, what the last event said."""
        kept = cls.read(row.event_estimate)
        if kept is not None and kept.seq == row.status_seq:
            return kept
        said = row.delivery_estimated_from, row.delivery_estimated, row.delivery_estimated_to
        return cls(row.status_seq, *said, row.estimate_basis)

    @classmethod
    def read(cls, text: str | None) -> "Told | None":
        """Return what ``written`` has made a text of; None: nothing was kept."""
        if text is None:
            return None
        seq, *instants, basis = (None if part == _NONE else part for part in text.split())
        early, at, late = (part and datetime.fromisoformat(part) for part in instants)
        return cls(int(seq or 0), early or None, at or None, late or None, basis)

    def written(self) -> str:
        """Return it as text."""
        instants = (at.isoformat() if at else _NONE for at in (self.early, self.at, self.late))
        return " ".join((str(self.seq), *instants, self.basis or _NONE))

    def columns(self) -> dict[str, Any]:
        """Return it as the columns of a consignment."""
        return {
            "delivery_estimated_from": self.early,
            "delivery_estimated": self.at,
            "delivery_estimated_to": self.late,
            "estimate_basis": self.basis,
        }
