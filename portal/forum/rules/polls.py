"""Polls: what one may ask, who may vote, and when the counts are shown."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

QUESTION_MAX, CHOICE_MAX = 200, 120  # characters
CHOICES_LEAST, CHOICES_MOST = 2, 12
IN_TOPIC = 3  # polls
LONGEST = timedelta(days=90)
#: When the counts are shown.
SHOWN = {"voted": _l("To whoever has voted"), "end": _l("When the poll has ended")}


def choices_of(text: str) -> list[str]:
    """Return the choices that somebody typed, one a line, each once.

    Raises Refused for too few, too many or too long ones.
    """
    found = list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines()))
    choices = [each for each in found if each]
    if not CHOICES_LEAST <= len(choices) <= CHOICES_MOST:
        raise Refused(_l("A poll has 2 to 12 choices, each on a line of its own."))
    if any(len(each) > CHOICE_MAX for each in choices):
        raise Refused(_l("A choice has at most 120 characters."))
    return choices


def check_end(ends_at: datetime | None, now: datetime) -> None:
    """Raise Refused for an end that is past or too far away."""
    if ends_at is not None and not now < ends_at <= now + LONGEST:
        raise Refused(_l("A poll ends within 90 days. Choose a day in the future, or none."))


def is_open(
    ends_at: datetime | None, closed_at: datetime | None, topic_state: str, now: datetime
) -> bool:
    """Return whether votes are taken: until it ends, is closed, or its topic is."""
    return closed_at is None and topic_state == "open" and (ends_at is None or now < ends_at)


def shows_counts(shown: str, *, has_voted: bool, is_over: bool) -> bool:
    """Return whether somebody sees the counts."""
    return is_over or (shown == "voted" and has_voted)


def check_vote(chosen: Collection[int], choices: Sequence[int], most: int) -> None:
    """Raise Refused for a vote that the poll does not allow; none chosen takes a vote back."""
    if not set(chosen) <= set(choices):
        raise Refused(_l("Choose among what is offered."))
    if len(set(chosen)) > most:
        raise Refused(_l("That is more than may be chosen in this poll."))
