"""Open incidents as pages show them: a name, words that their owner can act on, what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.consignments.queries.incidents import notes_of
from portal.consignments.rules.incident_words import STATE_TEXT, advice, kind_text


@dataclass(frozen=True)
class Trouble:
    """One open incident; as text it is its name."""

    ref: str
    name: str
    advice: str
    state: str
    since: datetime
    predicted: bool
    notes: Sequence[tuple[datetime, str]]  # what the centre said to its owner

    def __str__(self) -> str:
        return self.name


def open_of(incidents: Sequence[Any], *, internal: bool) -> list[Trouble]:
    """Return those of ``incidents`` that are open; internal ones only where ``internal``."""
    shown = [i for i in incidents if i.closed_at is None and (internal or i.owner_visible)]
    notes = notes_of(shown)
    return [
        Trouble(
            ref=each.ref,
            name=kind_text(each.kind, each.predicted),
            advice=advice(each.kind, each.predicted),
            state=str(STATE_TEXT[each.state]),
            since=each.opened_at,
            predicted=each.predicted,
            notes=[(note.at, note.note) for note in notes[each.id]],
        )
        for each in shown
    ]
