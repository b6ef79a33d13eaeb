"""What was asked and answered in an hour becomes a topic of the forum, by who said it."""

from typing import Any

from sqlalchemy import Connection, select, update

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.club.rooms.models import ClubHour, ClubHourHost, ClubQuestion
from portal.club.rooms.service.hours import tell
from portal.forum.models import ForumSpace
from portal.forum.service import writing
from portal.forum.service.writing import Written

_H, _HOST, _Q, _SPACE, _PERSON = (
    model.__table__ for model in (ClubHour, ClubHourHost, ClubQuestion, ForumSpace, Person)
)
TAGS = {"zh-Hans": "答疑", "zh-Hant": "答疑", "en": "questions"}


def archive(ref: str, *, on: Connection) -> None:
    """Make a topic of an hour that is over, once. Records HourChanged and what ``writing`` does."""
    hour = on.execute(select(_H).where(_H.c.ref == ref).with_for_update()).one()
    if hour.state != "closed" or hour.topic_id is not None:
        return
    topic = _begin(hour, on)
    for question in on.execute(_questions(hour.id)).all():
        _write(hour, topic, question, on)
    on.execute(update(_H).where(_H.c.id == hour.id).values(topic_id=topic.id))
    tell(hour, "archived", None, on)


def _questions(hour_id: int) -> Any:
    """Return those that were answered in their order, then those that still wait."""
    kept = (_Q.c.hour_id == hour_id, _Q.c.state.in_(("answered", "waiting")))
    return select(_Q).where(*kept).order_by(_Q.c.answered_at.nulls_last(), _Q.c.no)


def _begin(hour: Any, on: Connection) -> Any:
    hosts = select(_PERSON).join(_HOST, _HOST.c.person_id == _PERSON.c.id)
    host = on.execute(hosts.where(_HOST.c.hour_id == hour.id).order_by(_PERSON.c.id).limit(1)).one()
    space = on.execute(select(_SPACE).where(_SPACE.c.id == hour.space_id)).one()
    link = f"[{hour.title}](/club/rooms/hours/{hour.ref})"
    text = f"{link} · {hour.starts_at:%Y-%m-%d}\n\n{hour.about}".strip()
    by = _author(host.id, {"staff_role": host.staff_role, "locale": host.locale})
    written = Written(text=text, form_name=f"hour {hour.ref}")
    tags = [TAGS.get(host.locale or "", TAGS["zh-Hans"])]
    return writing.begin(space, written, by, title=hour.title, tags=tags, on=on)


def _write(hour: Any, topic: Any, question: Any, on: Connection) -> None:
    asked = Written(text=question.text, form_name=f"hour {hour.ref} {question.no}")
    post = writing.reply(topic, asked, _author(question.author_id, question.as_who), on=on)
    if question.state == "answered":
        name = f"{asked.form_name} answer"
        said = Written(text=question.answer, form_name=name, reply_to=post.no)
        writing.reply(topic, said, _author(question.answered_by_id, question.answered_as), on=on)


def _author(person_id: int, as_who: dict[str, Any]) -> User:
    """Return somebody as he was when he spoke."""
    rights = frozenset({"club.moderate"} if as_who.get("staff_role") else ())
    return User(person_id=person_id, name="", email="", rights=rights, **as_who)
