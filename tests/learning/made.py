"""Courses, attempts and questions with one call."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock, tokens
from portal.core.db import db, transaction
from portal.core.i18n import TAGS
from portal.core.spam import PURPOSE, Verdict
from portal.learning.models import Attempt, Certificate, Question
from portal.learning.rules import content as contents
from portal.learning.rules.content import Content
from portal.learning.service import asking, lifecycle, writing
from portal.learning.service import progress as keeping
from portal.learning.service.asking import Draft
from tests.factories import make_person, serial

TEXT = "We ship ice cream to the islands twice a week and wonder how much dry ice a box takes."


def said(**texts: str) -> dict[str, dict[str, str]]:
    """Return the same texts in every language."""
    return {tag: dict(texts) for tag in TAGS}


def question(number: int, **values: Any) -> dict[str, Any]:
    """Return a question of which the first answer is right."""
    words = {"ask": f"Question {number}?", "why": f"Because {number}.", "a": "Yes", "b": "No"}
    usual = {"id": f"q{number}", "kind": "single", "options": ["a", "b"], "right": ["a"]}
    return usual | {"texts": said(**words)} | values


def part(number: int) -> dict[str, Any]:
    """Return a lesson or chapter."""
    texts = said(title=f"Part {number}", body=f"# Head\n\nWhat **part {number}** says.")
    return {"id": f"part{number}", "picture": None, "texts": texts}


def content(parts: int = 2, questions: int = 4, **settings: Any) -> Content:
    """Return a complete course."""
    return Content(
        said(title="Stacking well", summary="How to stack."),
        [part(n) for n in range(1, parts + 1)],
        [question(n) for n in range(1, questions + 1)],
        contents.settings(**settings),
    )


def make_work(kind: str = "course", *, published: bool = True, **values: Any) -> Any:
    """Make a course or book."""
    slug = values.pop("slug", f"work{next(serial)}")
    with transaction():
        made = values.pop("content", None) or content(**values)
        work = writing.create(kind, slug, made, topic="packing", by=None)
        if published:
            lifecycle.submit(work, by=None)
            lifecycle.publish(work, by=None)
    db.session.expunge_all()
    return work


def make_staff(role: str) -> Any:
    """Make somebody of the centre."""
    return make_person(staff_role=role)


def make_question(**values: Any) -> Any:
    """Ask the experts something."""
    number = next(serial)
    verdict = values.pop("verdict", Verdict(0))
    at = values.pop("at", None)
    usual = {
        "name": "Julia Meyer",
        "email": f"julia{number}@moebel.example",
        "topic": "cold",
        "subject": f"How much dry ice, case {number}?",
        "text": f"{TEXT} Case {number}.",
        "may_publish": True,
        "locale": "en",
    }
    with transaction():
        return asking.ask(Draft(**(usual | values)), verdict, at=at, on=db.session.connection())


def shown_at(seconds: int = 60) -> str:
    """Return the field that says that a form was shown some seconds ago."""
    at = clock.now() - timedelta(seconds=seconds)
    return tokens.signed([int(at.timestamp()), f"form{next(serial)}"], PURPOSE)


def read_all(person: Any, work: Any, parts: int = 2) -> None:
    """Have a person read every lesson."""
    with transaction():
        for number in range(1, parts + 1):
            keeping.note(person.id, work.id, f"part{number}", done=True)


def answers(right: int, of: int = 4) -> dict[str, str]:
    """Return the form of a quiz with so many right answers."""
    return {f"answer-q{n}": "a" if n <= right else "b" for n in range(1, of + 1)}


def attempts() -> list[Attempt]:
    """Return every attempt, as it is now."""
    db.session.rollback()
    return list(db.session.scalars(select(Attempt).order_by(Attempt.id)))


def certificates() -> list[Certificate]:
    """Return every certificate, as it is now."""
    db.session.rollback()
    return list(db.session.scalars(select(Certificate).order_by(Certificate.id)))


def questions() -> list[Question]:
    """Return every question, as it is now."""
    db.session.rollback()
    return list(db.session.scalars(select(Question).order_by(Question.id)))


def passed(learner: Any, work: Any, right: int = 4) -> str:
    """Take the quiz by the pages; return the reference of the attempt."""
    begun = learner.post(f"/learn/courses/{work.slug}/quiz")
    ref = begun.headers["Location"].rpartition("/")[2]
    assert learner.post(f"/learn/quiz/{ref}", answers(right)).status_code == 303
    return str(ref)


def certified(learner: Any, work: Any, name: str = "Wang Xiaoming 王小明") -> str:
    """Pass a course and have its certificate issued; return the number."""
    ref = passed(learner, work)
    reply = learner.post(f"/learn/quiz/{ref}/certificate", {"name": name, "agree": "y"})
    return str(reply.headers["Location"].rpartition("/")[2])
