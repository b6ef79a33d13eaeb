"""Who is writing something: told to those who read along, kept nowhere.

A client says so for a thing that it follows; each kind of thing knows whether its person has a
voice there, what he is called, and who is not to hear of him.
"""

from collections.abc import Callable
from typing import NamedTuple

from portal.accounts.access import User
from portal.club.rooms.queries import rooms
from portal.club.rooms.rules.rooms import may_write
from portal.core import limits
from portal.core.errors import NotFound
from portal.forum.queries import blocks, order, spaces, topics
from portal.forum.rules import spaces as rights
from portal.live.followers import Client, Followers


class Writer(NamedTuple):
    """Somebody who writes, as the others are told of him."""

    name: str
    handle: str
    unheard_by: frozenset[int]  # ids of people


#: Given who asks and the reference of a thing: the writer, or None where he has no voice.
Voice = Callable[[User, str], Writer | None]


def _in_topic(user: User, ref: str) -> Writer | None:
    """Return who writes in a topic of the club."""
    if order.sanction_of(user) is not None:
        return None
    topic, profile = topics.topic_for(user, ref), spaces.profile_of(user)
    reader = spaces.reader_of(user, profile)
    if profile is None or not rights.may_reply(topic.space_repliers, topic.state, reader):
        return None
    return Writer(user.name, profile.handle, blocks.apart_from(user))


def _in_room(user: User, ref: str) -> Writer | None:
    """Return who writes in a room of the club; nobody hears of those who are not to be seen."""
    if ref.startswith("QH") or order.sanction_of(user) is not None or rooms.own_of(user)[0]:
        return None
    room, profile = rooms.room_for(user, ref), spaces.profile_of(user)
    reader = spaces.reader_of(user, profile)
    if profile is None or not may_write(room.writers, room.closed_at is not None, reader):
        return None
    return Writer(user.name, profile.handle, blocks.apart_from(user))


#: Topic of a thing → who has a voice there. Other things are not written in.
VOICES: dict[str, Voice] = {"topic": _in_topic, "chat": _in_room}


def tell(followers: Followers, client: Client, user: User, *, topic: str, ref: str) -> bool:
    """Tell those who follow a thing that somebody writes in it; return whether they were told.

    Nobody is where the client does not follow it himself, or has no voice there. Raises TooMany
    where it is said too often.
    """
    voice = VOICES.get(topic)
    things = (thing for thing in client.things.values() if (thing.topic, thing.ref) == (topic, ref))
    thing = next(things, None)
    if voice is None or thing is None or not ref:
        return False
    limits.spend("typing", user.person_id)
    try:
        writer = voice(user, ref)
    except NotFound:  # it was his to read when he followed it
        return False
    if writer is None:
        return False
    said = {"who": {"name": writer.name, "handle": writer.handle}}
    followers.say("typing", thing.key, said, unheard_by=writer.unheard_by | {user.person_id})
    return True
