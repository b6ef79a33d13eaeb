"""Writing the starting content into a centre: what is there already stays as it is."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from portal.core.db import db
from portal.learning import fulltext
from portal.learning.models import ExpertAnswer, Question, Work
from portal.learning.rules.lifecycle import State
from portal.learning.service import lifecycle, writing
from portal.learning.starter.answered import Answered, all_answered
from portal.learning.starter.reading import Written, all_written

DAYS_AGO = 40  # when the first of it was published


def load(now: datetime) -> int:
    """Publish the starting courses and books within the caller's transaction; return how many.

    What has the same address is left alone.
    """
    known = {tuple(row) for row in db.session.execute(select(Work.kind, Work.slug))}
    missing = [each for each in all_written() if (each.kind, each.slug) not in known]
    for place, written in enumerate(missing):
        _publish(written, now - timedelta(days=max(DAYS_AGO - 5 * place, 1)))
    return len(missing)


def _publish(written: Written, at: datetime) -> None:
    work = writing.create(
        written.kind,
        written.slug,
        written.content,
        topic=written.topic,
        position=written.position,
        by=None,
    )
    lifecycle.submit(work, by=None)
    newest = lifecycle.publish(work, by=None)
    work.created_at = work.changed_at = work.shown_at = at
    newest.made_at = newest.published_at = at


def load_answers(now: datetime, *, on: Connection) -> int:
    """Publish the answered questions, unless the centre has answered some itself."""
    if on.scalar(select(Question.id).where(Question.state == State.PUBLISHED).limit(1)):
        return 0
    found = all_answered()
    for each in found:
        _answer(each, now, on)
    return len(found)


def _answer(each: Answered, now: datetime, on: Connection) -> None:
    asked = now - timedelta(days=each.days_ago)
    done = asked + timedelta(hours=each.hours)
    values = {
        "ref": each.ref,
        "salt": each.ref.lower(),
        "name": each.name,
        "email": f"{each.ref.lower()}@example.com",
        "locale": each.locale,
        "topic": each.topic,
        "subject": each.subject,
        "text": each.text,
        "may_publish": True,
        "state": State.PUBLISHED,
        "public_subject": each.subject,
        "public_text": each.text,
        "published_at": done,
        "answered_at": done,
        "spam_score": 0,
        "spam_reasons": [],
        "fingerprint": each.ref,
        "sketch": [],
        "created_at": asked,
    }
    id_ = on.execute(insert(Question.__table__).values(values).returning(Question.id)).scalar_one()
    answer = {
        "question_id": id_,
        "is_public": True,
        "text": each.answer,
        "author_name": each.author,
        "author_role": each.role,
        "created_at": done,
    }
    on.execute(insert(ExpertAnswer.__table__).values(answer))
    fulltext.show_question(id_, [each.subject, each.text, each.answer], on=on)
