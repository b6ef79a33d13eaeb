"""Events after which open sockets may no longer be entitled: who is cut, and comes again."""

from collections.abc import Callable, Mapping
from typing import Any

from portal.accounts import events as accounts
from portal.club.rooms import events as rooms
from portal.consignments import events as consignments
from portal.forum import events as forum
from portal.live.gates_stock import GATES
from portal.warehousing.sites import events as sites


def _of_person(client: Any, payload: Mapping[str, Any]) -> bool:
    return client.person_id is not None and client.person_id == payload["person_id"]


def _in_room(client: Any, payload: Mapping[str, Any]) -> bool:
    key = f"chat:{payload['ref']}"
    edited = payload["what"] == "edited"
    return edited and any(thing.key == key for thing in client.things.values())


def _suspended(client: Any, payload: Mapping[str, Any]) -> bool:
    return payload["kind"] == "suspension" and _of_person(client, payload)


def _reads_on(client: Any, payload: Mapping[str, Any]) -> bool:
    """Return whether a client follows a topic that may not be for him any more."""
    if payload["kind"] not in ("moved", "converted", "unconverted", "hidden"):
        return False
    here = ("topic", payload["ref"])
    return any((thing.topic, thing.ref) == here for thing in client.things.values())


def _reads_club(client: Any, _payload: Mapping[str, Any]) -> bool:
    """Return whether a client follows any topic: a space was changed, perhaps who reads it."""
    return any(thing.topic == "topic" and thing.ref for thing in client.things.values())


def _follows_houses(client: Any, payload: Mapping[str, Any]) -> bool:
    """Return whether a client follows a warehouse, when it was changed who works there."""
    here = payload["what"] == "people"
    return here and any(thing.topic in GATES for thing in client.things.values())


#: Name of an event → whether a client (followers.Client) is cut by one with such a payload.
CUTS: Mapping[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    accounts.SignedOut.name: lambda client, e: client.sign_in_id in e["sign_in_ids"],
    accounts.PasswordChanged.name: _of_person,
    accounts.RoleChanged.name: _of_person,
    rooms.RoomChanged.name: _in_room,
    forum.ActTaken.name: _suspended,
    accounts.ApiKeyRevoked.name: lambda client, e: client.api_key_id == e["api_key_id"],
    forum.TopicChanged.name: _reads_on,
    forum.SpaceChanged.name: _reads_club,
    sites.WarehouseChanged.name: _follows_houses,
    consignments.LinkRevoked.name: lambda client, e: any(
        thing.link_ref == e["link_ref"] for thing in client.things.values()
    ),
}
