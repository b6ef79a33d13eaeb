"""Question hours as calendars read them (RFC 5545), and the secrets in their addresses."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event

from portal.core import links, markdown, tokens

PRODID = "-//Quayside//Question hours//EN"
FEED, STOP = "club.hours.feed", "club.hours.stop"  # what a signed secret is good for
MIMETYPE = "text/calendar"


def calendar(
    hours: Iterable[Any], host: str, *, method: str = "PUBLISH", name: str | None = None
) -> bytes:
    """Return hours as an iCalendar stream in UTC: folded, escaped, CRLF.

    ``host`` makes their UIDs the centre's own; ``method`` CANCEL takes them out of calendars.
    """
    made = Calendar()
    made.add("prodid", PRODID)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method)
    if name:
        made.add("x-wr-calname", name)
        made.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for hour in hours:
        made.add_component(_event(hour, host))
    return bytes(made.to_ical())


def _event(hour: Any, host: str) -> Event:
    event = Event()
    event.add("uid", f"{hour.ref}@{host}")
    event.add("sequence", hour.sequence)
    event.add("dtstamp", hour.changed_at)
    event.add("last-modified", hour.changed_at)
    event.add("created", hour.created_at)
    event.add("dtstart", hour.starts_at)
    event.add("dtend", hour.ends_at)
    event.add("summary", hour.title)
    address = links.abroad(f"/club/rooms/hours/{hour.ref}")
    event.add("description", f"{markdown.plain(hour.about, 1000)}\n\n{address}".strip())
    event.add("url", address)
    cancelled = hour.state == "cancelled"
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    if not cancelled:
        event.add_component(_alarm(hour.title))
    return event


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(minutes=-15))
    return alarm


def feed_token(person_id: int, version: int) -> str:
    """Return the secret in the address of somebody's calendar."""
    return tokens.signed([person_id, version], FEED)


def feed_owner(token: str) -> tuple[int, int] | None:
    """Return (person id, version) of a calendar's secret; None for what we did not sign."""
    return _pair(tokens.read_signed(token, FEED))


def stop_token(hour_id: int, person_id: int) -> str:
    """Return the secret with which mails about an hour are stopped."""
    return tokens.signed([hour_id, person_id], STOP)


def stopped(token: str) -> tuple[int, int] | None:
    """Return (hour id, person id) of such a secret; None for what we did not sign."""
    return _pair(tokens.read_signed(token, STOP))


def _pair(value: Any) -> tuple[int, int] | None:
    return (int(value[0]), int(value[1])) if isinstance(value, list) and len(value) == 2 else None
