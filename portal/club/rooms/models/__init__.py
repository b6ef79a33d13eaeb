"""Tables of rooms and question hours. Members of all companies share them."""

from portal.club.rooms.models.hour import (
    ClubHour,
    ClubHourHost,
    ClubQuestion,
    ClubQuestionVote,
    ClubSeat,
)
from portal.club.rooms.models.message import ClubMessage, ClubMessageFlag
from portal.club.rooms.models.room import ClubPresence, ClubRoom, ClubRoomPerson, ClubRoomRead

__all__ = [
    "ClubHour",
    "ClubHourHost",
    "ClubMessage",
    "ClubMessageFlag",
    "ClubPresence",
    "ClubQuestion",
    "ClubQuestionVote",
    "ClubRoom",
    "ClubRoomPerson",
    "ClubRoomRead",
    "ClubSeat",
]
