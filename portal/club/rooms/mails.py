"""The mails to those who signed up: a reminder, a move, an end."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from portal.accounts.models import Person
from portal.club.rooms.models import ClubHour, ClubSeat
from portal.club.rooms.shown import stop_token
from portal.core import clock, mail
from portal.core.db import db, transaction
from portal.core.i18n import gettext as _
from portal.core.i18n import speaking

_H, _SEAT, _PERSON = (model.__table__ for model in (ClubHour, ClubSeat, Person))


def remind(payload: dict[str, Any]) -> None:
    """Remind those who signed up, where the hour is still to come."""
    hour = _hour(payload["hour"])
    if hour is not None and hour.state == "planned" and hour.starts_at > clock.now():
        _owe(hour, "remind")


def tell(payload: dict[str, Any]) -> None:
    """Tell those who signed up that an hour was moved or cancelled."""
    hour = _hour(payload["hour"])
    if hour is not None:
        _owe(hour, str(payload["what"]))


def _hour(hour_id: int) -> Any:
    return db.session.execute(select(_H).where(_H.c.id == hour_id)).first()


def _subject(what: str, hour: Any) -> str:
    if what == "moved":
        return _("Moved: %(title)s", title=hour.title)
    if what == "cancelled":
        return _("Cancelled: %(title)s", title=hour.title)
    return _("Soon: %(title)s", title=hour.title)


def _owe(hour: Any, what: str) -> None:
    people = (
        select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.email, _PERSON.c.locale, _PERSON.c.timezone)
        .join_from(_SEAT, _PERSON, _PERSON.c.id == _SEAT.c.person_id)
        .where(_SEAT.c.hour_id == hour.id, _SEAT.c.wants_mail)
    )
    with transaction():
        for person in db.session.execute(people).all():
            _owe_one(hour, what, person)


def _owe_one(hour: Any, what: str, person: Any) -> None:
    with speaking(person.locale):
        subject = _subject(what, hour)
    zone = ZoneInfo(person.timezone or current_app.config["TIMEZONE"])
    mail.owe(
        person.email,
        f"club/rooms/email/{what}.txt",
        locale=person.locale,
        subject=subject,
        hour=hour,
        person=person,
        starts=hour.starts_at.astimezone(zone),
        ends=hour.ends_at.astimezone(zone),
        zone=zone.key,
        stop=stop_token(hour.id, person.id),
    )
