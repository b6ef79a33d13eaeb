"""The way of one application as its page shows it."""

from collections.abc import Sequence
from typing import Any

from portal.core.i18n import gettext as _
from portal.core.i18n import instant
from portal.membership.models import Application
from portal.membership.queries import applications
from portal.membership.rules.questions import Version
from portal.membership.rules.states import ACTION_TEXT, STATE_TEXT, State

#: What an applicant is told of the history; the rest is the desk's own.
TOLD = frozenset(
    {"send", "prove", "take", "ask", "answer", "approve", "refuse", "reopen", "withdraw", "same"}
)
#: Moves of which the applicant reads what was said.
SAID = frozenset({"ask", "refuse", "answer"})
SETTLED = frozenset({State.APPROVED, State.REFUSED, State.WITHDRAWN})


def steps(application: Application) -> list[tuple[Any, str | None, bool]]:
    """Return (words, when, whether it stands here) of the three steps to a decision."""
    state = application.state
    decided = state in SETTLED
    sent = application.submitted_at
    return [
        (STATE_TEXT[State.SUBMITTED], instant(sent) if sent else None, state == State.SUBMITTED),
        (
            STATE_TEXT[State.INFO_REQUESTED if state == State.INFO_REQUESTED else State.IN_REVIEW],
            None,
            state in (State.IN_REVIEW, State.INFO_REQUESTED),
        ),
        (
            STATE_TEXT[State(state)] if decided else _("Decision"),
            instant(application.decided_at) if application.decided_at else None,
            decided,
        ),
    ]


def story(moves: Sequence[Any], version: Version, language: str) -> list[dict[str, Any]]:
    """Return the history for the applicant, newest first: title, text, time."""
    told = [move for move in moves if move.action in TOLD]
    return [
        {
            "when": "now" if number == len(told) - 1 else "actual",
            "title": ACTION_TEXT[move.action],
            "text": said(move, version, language)
            if move.action in ("ask", "refuse", "answer")
            else None,
            "time": instant(move.at),
        }
        for number, move in reversed(list(enumerate(told)))
    ]


def said(move: Any, version: Version, language: str) -> str | None:
    """Return what was said with a move: the answers asked for, and the words."""
    words = move.said or {}
    keys = [key for key in words.get("keys", ()) if key in version.by_key]
    named = _(", ").join(version.by_key[key].label(language) for key in keys)
    text = words.get("text") or words.get("to") or words.get("company") or words.get("ref")
    return _(": ").join(part for part in (named, text) if part) or None


def same_as(application: Application) -> str | None:
    """Return the reference of the application that this one was the same as."""
    if application.duplicate_of_id is None:
        return None
    return applications.by_id(application.duplicate_of_id).ref
