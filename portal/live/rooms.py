"""Which rooms of this process hear a topic: found by its key, however many sockets there are."""

from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from portal.live.log import Thing


@dataclass
class Room:
    """Those who follow a thing by the same name and for the same time."""

    thing: Thing
    sids: set[str] = field(default_factory=set)


class Rooms:
    """Key of a topic → its rooms."""

    def __init__(self) -> None:
        self._rooms: dict[str, dict[str, Room]] = defaultdict(dict)

    def enter(self, thing: Thing, sid: str) -> None:
        """Let a socket hear a thing."""
        room = room_of(thing)
        self._rooms[thing.key].setdefault(room, Room(thing)).sids.add(sid)

    def leave(self, key: str, room: str, sid: str) -> None:
        """Let a socket hear it no longer."""
        if (found := self._rooms.get(key, {}).get(room)) is None:
            return
        found.sids.discard(sid)
        if not found.sids:
            self._drop(key, room)

    def of(self, key: str, known: Container[str]) -> Iterator[tuple[str, Thing, int]]:
        """Give name, thing and number of sockets of each room of a topic with a known socket."""
        for name, room in list(self._rooms.get(key, {}).items()):
            if any(sid in known for sid in room.sids):
                yield name, room.thing, len(room.sids)
            else:
                self._drop(key, name)

    def _drop(self, key: str, room: str) -> None:
        self._rooms[key].pop(room, None)
        if not self._rooms[key]:
            del self._rooms[key]


def room_of(thing: Thing) -> str:
    """Return the room of those who follow a thing by one name, for one time, of one house."""
    houses = "" if thing.houses is None else sorted(thing.houses)
    return f"{thing.key}|{thing.topic}|{thing.ref}|{thing.until or ''}|{houses}"
