"""Facts about papers that are made in batches."""

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class BatchEvent(Event):
    """Base of what happens to one batch; ``person_id`` asked for it."""

    ref: str
    person_id: int

    @property
    def about(self) -> str:
        """The batch."""
        return f"print:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class PrintOrdered(BatchEvent):
    name = "print.ordered"
    paper: str
    consignments: int


@dataclass(frozen=True, kw_only=True)
class PrintProgressed(BatchEvent):
    """Recorded about twenty times a batch, not for each paper."""

    name = "print.progressed"
    done: int
    consignments: int


@dataclass(frozen=True, kw_only=True)
class PrintFinished(BatchEvent):
    name = "print.finished"
    pages: int


@dataclass(frozen=True, kw_only=True)
class PrintEnded(BatchEvent):
    """It failed or was cancelled."""

    name = "print.ended"
    state: str
