"""The way of an application: which action leads from which state to which."""

import unicodedata
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    UNVERIFIED = "unverified"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    INFO_REQUESTED = "info_requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


#: Action → (states from which it may be taken, the state after it).
ACTIONS = MappingProxyType(
    {
        "send": ((State.DRAFT,), State.UNVERIFIED),
        "prove": ((State.UNVERIFIED,), State.SUBMITTED),
        "take": ((State.SUBMITTED,), State.IN_REVIEW),
        "ask": ((State.IN_REVIEW,), State.INFO_REQUESTED),
        "answer": ((State.INFO_REQUESTED,), State.IN_REVIEW),
        "approve": ((State.IN_REVIEW, State.INFO_REQUESTED), State.APPROVED),
        "refuse": ((State.IN_REVIEW, State.INFO_REQUESTED), State.REFUSED),
        "reopen": ((State.REFUSED,), State.IN_REVIEW),
        "withdraw": (
            (
                State.DRAFT,
                State.UNVERIFIED,
                State.SUBMITTED,
                State.IN_REVIEW,
                State.INFO_REQUESTED,
            ),
            State.WITHDRAWN,
        ),
    }
)
#: The desk's own: nobody else may take these, and nobody on his own referral.
DECISIONS = frozenset({"approve", "refuse", "reopen"})
#: States in which somebody may still become a member by it.
OPEN = frozenset({State.SUBMITTED, State.IN_REVIEW, State.INFO_REQUESTED})
#: States in which it is the centre's turn, and the clock runs.
WAITING = frozenset({State.SUBMITTED, State.IN_REVIEW})
#: What the desk sees at all: the rest belongs to the applicant alone.
SEEN_AT_DESK = (
    State.SUBMITTED,
    State.IN_REVIEW,
    State.INFO_REQUESTED,
    State.APPROVED,
    State.REFUSED,
    State.WITHDRAWN,
)
#: Forgotten some time after the last change, unless something came of it.
FORGOTTEN = frozenset({State.DRAFT, State.UNVERIFIED, State.REFUSED, State.WITHDRAWN})
#: What a company that is known already stands at while its application does.
LIFECYCLES = MappingProxyType(
    {
        State.SUBMITTED: "applied",
        State.IN_REVIEW: "in_review",
        State.INFO_REQUESTED: "info_requested",
        State.APPROVED: "member",
        State.REFUSED: "refused",
        State.WITHDRAWN: "prospect",
    }
)
#: Lifecycles of companies that an application may move: members are not touched by one.
MOVABLE = frozenset({"prospect", "applied", "in_review", "info_requested", "refused"})

STATE_TEXT: dict[str, Any] = {
    State.DRAFT: lazy_pgettext("application", "Draft"),
    State.UNVERIFIED: _l("E-mail not confirmed"),
    State.SUBMITTED: lazy_pgettext("application", "Submitted"),
    State.IN_REVIEW: _l("In review"),
    State.INFO_REQUESTED: _l("Asked for more"),
    State.APPROVED: lazy_pgettext("application", "Approved"),
    State.REFUSED: lazy_pgettext("application", "Refused"),
    State.WITHDRAWN: lazy_pgettext("application", "Withdrawn"),
}
ACTION_TEXT: dict[str, Any] = {
    "begin": _l("Begun"),
    "send": _l("Sent; waiting for proof of the e-mail address"),
    "prove": _l("E-mail address confirmed; submitted"),
    "take": _l("Taken into review"),
    "hand_over": _l("Handed over"),
    "ask": _l("Asked back"),
    "answer": _l("Answered"),
    "approve": lazy_pgettext("application", "Approved"),
    "refuse": lazy_pgettext("application", "Refused"),
    "reopen": _l("Reopened"),
    "withdraw": lazy_pgettext("application", "Withdrawn"),
    "link": _l("Known to be a company in the register"),
    "same": _l("Sent again with the same answers: one application"),
}


def after(state: str, action: str) -> State:
    """Return the state after ``action``.

    Raises Refused where it is not possible in ``state``.
    """
    allowed, target = ACTIONS[action]
    if state not in allowed:
        raise Refused(
            _l(
                "That is not possible now: this application is “%(state)s”.",
                state=STATE_TEXT[state],
            )
        )
    return target


def possible(state: str) -> frozenset[str]:
    """Return the actions that may be taken in ``state``."""
    return frozenset(name for name, (allowed, _) in ACTIONS.items() if state in allowed)


def mailbox(email: str) -> str:
    """Return an address as its mailbox is told from others: without case, width and ``+suffix``."""
    local, at, host = unicodedata.normalize("NFKC", email).strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}{at}{host}"


def check_decider(
    person_id: int, email: str, *, referred_by_id: int | None, emails: frozenset[str]
) -> None:
    """Refuse somebody who referred the applicant, or is the applicant himself."""
    if referred_by_id is not None and person_id == referred_by_id:
        raise Refused(
            _l("You referred this applicant, so somebody else decides. Ask a colleague to do it.")
        )
    if mailbox(email) in set(map(mailbox, emails)):
        raise Refused(
            _l("You are named in this application, so somebody else decides. Ask a colleague.")
        )
