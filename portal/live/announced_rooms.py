"""Which event of rooms is heard where: ``chat:SLUG`` a room, ``hour:REF`` a question hour.

Words never leave here: a follower learns a number, and asks for what he may read.
"""

from collections.abc import Mapping

from portal.club.rooms import events as rooms
from portal.live.heard import Heard, Payload


def _room(e: Payload) -> str | None:
    return f"chat:{e['ref']}"


def _hour(e: Payload) -> str | None:
    return f"hour:{e['ref']}"


def _review(_e: Payload) -> str | None:
    return "inbox-club"


ANNOUNCED: Mapping[str, tuple[Heard, ...]] = {
    rooms.MessageSent.name: (Heard(_room, ("ref", "no")),),
    rooms.MessageChanged.name: (Heard(_room, ("ref", "no", "state")),),
    rooms.MessageReported.name: (Heard(_review, ("no",)),),
    rooms.RoomChanged.name: (Heard(_room, ("ref", "what")),),
    rooms.HourChanged.name: (Heard(_hour, ("ref", "what", "sequence")),),
    rooms.SeatTaken.name: (Heard(_hour, ("ref", "taken")),),
    rooms.QuestionAsked.name: (Heard(_hour, ("ref", "no")),),
    rooms.QuestionMoved.name: (Heard(_hour, ("ref", "no", "state", "votes")),),
}
