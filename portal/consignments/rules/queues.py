"""The dispatcher's queues, and the keys under which statuses lie on his keyboard."""

from dataclasses import dataclass
from typing import Any

from portal.consignments.rules.moves import MOVES
from portal.consignments.rules.vocabulary import INCIDENT, INCIDENT_RESOLVED, NOTE, Status
from portal.core.i18n import lazy as _l

_S = Status


@dataclass(frozen=True)
class Queue:
    """A column of the board; ``due`` is the column that says until when something is promised."""

    code: str
    title: Any
    statuses: tuple[Status, ...]
    kind: str | None = None  # now: the last mile; bad: somebody must act
    due: str = "delivery_planned"


QUEUES = (
    Queue(
        "pickup",
        _l("To pick up"),
        (_S.ORDERED, _S.PICKUP_ASSIGNED, _S.PICKUP_FAILED),
        due="pickup_planned",
    ),
    Queue("hub", _l("At the hub"), (_S.PICKED_UP, _S.HUB_ARRIVED)),
    Queue("way", _l("On the way"), (_S.HUB_DEPARTED, _S.IN_TRANSIT, _S.DEST_CITY, _S.REDIRECTED)),
    Queue("delivery", _l("Out for delivery"), (_S.OUT_FOR_DELIVERY, _S.AT_PICKUP_POINT), "now"),
    Queue(
        "trouble",
        _l("Exceptions"),
        (_S.DELIVERY_FAILED, _S.REFUSED, _S.LOST, _S.RETURNING),
        "bad",
    ),
)
BY_CODE = {queue.code: queue for queue in QUEUES}
QUEUE_OF = {str(status): queue.code for queue in QUEUES for status in queue.statuses}

#: Key → what may be pushed, in the order of a journey; the rest lies behind letters.
KEYS = {
    "1": str(_S.PICKUP_ASSIGNED),
    "2": str(_S.PICKED_UP),
    "3": str(_S.HUB_ARRIVED),
    "4": str(_S.HUB_DEPARTED),
    "5": str(_S.IN_TRANSIT),
    "6": str(_S.DEST_CITY),
    "7": str(_S.OUT_FOR_DELIVERY),
    "8": str(_S.AT_PICKUP_POINT),
    "9": str(_S.DELIVERED),
    "f": str(_S.DELIVERY_FAILED),
    "r": str(_S.REFUSED),
    "p": str(_S.PICKUP_FAILED),
    "d": str(_S.REDIRECTED),
    "l": str(_S.LOST),
    "u": str(_S.FOUND),
    "b": str(_S.RETURNING),
    "t": str(_S.RETURNED),
    "c": str(_S.CANCELLED),
    "x": str(_S.CLOSED),
    "o": str(_S.ORDERED),
    "n": NOTE,
    "i": INCIDENT,
    "e": INCIDENT_RESOLVED,
}
PUSHABLE = tuple(KEYS.values())
#: Status → what may follow it, for the page that puts the fitting statuses first.
FOLLOWING = {str(now): [str(to) for to in then] for now, then in MOVES.items()}
