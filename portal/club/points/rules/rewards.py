"""Rewards and their orders: states, limits, who may decide."""

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

KINDS = {
    "storage": _l("Storage"),
    "training": _l("Training"),
    "souvenir": _l("Souvenir"),
    "service": _l("Service"),
}
STATES = {
    "open": lazy_pgettext("reward", "Waits for approval"),
    "ready": lazy_pgettext("reward", "Ready to be handed over"),
    "handed": lazy_pgettext("reward", "Handed over"),
    "refused": lazy_pgettext("reward", "Refused"),
    "cancelled": lazy_pgettext("reward", "Cancelled"),
}
#: Orders that still hold a piece, or have had one: they count against the limit of a person.
COUNTED = ("open", "ready", "handed")
PENDING = ("open", "ready")
#: What is done with an order → (from, to).
ACTS = {
    "approve": (("open",), "ready"),
    "refuse": (("open", "ready"), "refused"),
    "cancel": (("open", "ready"), "cancelled"),
    "hand": (("ready",), "handed"),
}
GIVES_BACK = frozenset({"refuse", "cancel"})
MOST_COST, MOST_STOCK = 100_000, 100_000
NAME_MAX, ABOUT_MAX, REASON_MAX = 80, 400, 300  # characters


def check_desk(act: str, person_id: int, by_id: int) -> None:
    """Raise Refused where somebody would decide about his own order."""
    if person_id == by_id:
        raise Refused(_l("Nobody decides about his own order. Ask a colleague."))
    if act not in ACTS or act == "cancel":
        raise Refused(_l("Choose what is to be done."))


def check_limit(per_person: int | None, had: int) -> None:
    """Raise Refused where somebody has had as many as one person may have."""
    if per_person is not None and had >= per_person:
        raise Refused(_l("One person can have this %(most)s times.", most=per_person))
