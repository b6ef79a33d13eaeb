"""People in the club: made when they enter, and what they earn."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.core import clock
from portal.forum.models import ForumProfile
from portal.forum.rules import trust

_P = ForumProfile.__table__
_HANDLE_MOST = 24  # characters


def enter(user: User, *, on: Connection) -> Any:
    """Return the profile of a person, made if he is here for the first time.

    A new day on which he comes is counted.
    """
    found = on.execute(select(_P).where(_P.c.person_id == user.person_id)).first()
    if found is None:
        return _make(user, on)
    today = clock.now().astimezone(clock.zone()).date()
    if found.last_seen_on == today:
        return found
    change = update(_P).where(_P.c.person_id == user.person_id)
    counted = {"days_seen": _P.c.days_seen + 1, "last_seen_on": today}
    return settle(on.execute(change.values(**counted).returning(_P)).one(), on=on)


def _make(user: User, on: Connection) -> Any:
    at = clock.now()
    handle = _free_handle(user.name, on)
    row = {
        "person_id": user.person_id,
        "ref": new_ref("PF"),
        "handle": handle,
        "skeleton": trust.skeleton(handle),
        "days_seen": 1,
        "last_seen_on": at.astimezone(clock.zone()).date(),
        "read_before": at,
        "created_at": at,
    }
    return on.execute(insert(_P).values(**row).returning(_P)).one()


def _free_handle(name: str, on: Connection) -> str:
    """Return the name as a handle, with a number where somebody has one that looks like it."""
    plain = "".join(sign for sign in name.lower() if sign.isalnum())[:_HANDLE_MOST] or "member"
    for number in range(1, 10_000):
        handle = plain if number == 1 else f"{plain}-{number}"
        taken = select(_P.c.person_id).where(_P.c.skeleton == trust.skeleton(handle))
        if on.scalar(taken) is None:
            return handle
    raise RuntimeError("Ten thousand people of one name.")


def settle(profile: Any, *, on: Connection) -> Any:
    """Give a person the trust that his row has earned by now; it is never taken by counting."""
    deeds = trust.Deeds(
        days=profile.days_seen,
        topics_read=profile.topics_read,
        posts_read=profile.posts_read,
        posts_written=profile.posts_written,
        useful_got=profile.useful_got,
    )
    earned = trust.level_of(deeds)
    if earned <= profile.trust:
        return profile
    change = update(_P).where(_P.c.person_id == profile.person_id).values(trust=earned)
    return on.execute(change.returning(_P)).one()


def count(person_id: int, *, on: Connection, **changes: int) -> None:
    """Add to the figures of a person."""
    added = {name: _P.c[name] + number for name, number in changes.items()}
    change = update(_P).where(_P.c.person_id == person_id).values(**added).returning(_P)
    found = on.execute(change).first()
    if found is not None:
        settle(found, on=on)


def ids_of(handles: Iterable[str], *, on: Connection) -> list[int]:
    """Return the people behind handles, those that there are."""
    wanted = select(_P.c.person_id).where(_P.c.handle.in_(list(handles)))
    return sorted(on.scalars(wanted))
