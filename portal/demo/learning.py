"""What the demo centre teaches: courses, books, answers, and people who have learnt something."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection, select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.accounts.roles import rights_of
from portal.core.db import db, transaction
from portal.learning.models import Attempt, Certificate, Progress, Work, WorkVersion
from portal.learning.rules import certificates, quiz
from portal.learning.rules import content as contents
from portal.learning.service import asking, lifecycle, writing
from portal.learning.service.asking import Draft
from portal.learning.starter.loading import load as load_works
from portal.learning.starter.loading import load_answers

LETTERS = certificates.LETTERS
LEARNERS = 6
#: Questions that wait at the desk: subject, text, topic, hours ago.
WAITING = (
    (
        "冰淇淋出口到东南亚，干冰和冷冻柜怎么选？",
        "每月两托，零下 18 ℃，海运约九天。干冰中途没人补，冷冻柜又装不满，想听听经验。",
        "cold",
        5,
    ),
    (
        "玻璃门板立着放还是平着放？",
        "1.9 × 0.9 米钢化玻璃，单块 24 公斤，一托 12 块，公路 600 公里。以前平放碎过两次。",
        "packing",
        20,
    ),
    (
        "旧锂电池回收要办什么手续？",
        "电动车换下来的 48 V 电池，大约三百块，外观完好，想从门店集中运到拆解厂。",
        "dangerous",
        60,
    ),
)


def load(seed: int, now: datetime) -> None:
    """Publish what comes with the portal, and let some people have begun and finished it."""
    rng = Random(seed)  # noqa: S311 - content to look at, not secrets
    with transaction():
        load_works(now)
        on = db.session.connection()
        load_answers(now, on=on)
        _ask(now, on)
        _under_way(rng)
    with transaction():
        _learners(rng, now)


def _ask(now: datetime, on: Connection) -> None:
    for number, (subject, text, topic, hours) in enumerate(WAITING, 1):
        draft = Draft(
            name=("赵敏", "钱海", "沈洁")[number - 1],
            email=f"asker{number}@example.com",
            topic=topic,
            subject=subject,
            text=text,
            may_publish=number != 3,
            locale="zh-Hans",
        )
        asking.ask(draft, at=now - timedelta(hours=hours), on=on)


def _under_way(rng: Random) -> None:
    """Leave a newer version of a course in review, written by one and waiting for another."""
    writer = db.session.scalars(select(Person).where(Person.staff_role == "marketing")).first()
    query = select(Work).where(Work.kind == "course").order_by(Work.position)
    work = db.session.scalars(query).first()
    if writer is None or work is None:
        return
    user = _user(writer)
    newest = writing.newest_of(work)
    settings = {**newest.settings, "pass_percent": rng.choice((80, 85))}
    old = contents.of(newest)
    content = contents.Content(old.texts, old.parts, old.questions, settings)
    writing.change(work, content, edition=newest.edition, part="head", by=user)
    lifecycle.submit(work, by=user)


def _user(person: Person) -> User:
    rights = rights_of(None, person.staff_role)
    return User(
        person_id=person.id,
        name=person.name,
        email=person.email,
        staff_role=person.staff_role,
        rights=rights,
    )


def _learners(rng: Random, now: datetime) -> None:
    people = db.session.scalars(select(Person).order_by(Person.id).limit(LEARNERS)).all()
    query = (
        select(WorkVersion, Work)
        .join(Work, WorkVersion.work_id == Work.id)
        .where(Work.kind == "course", WorkVersion.number == Work.shown_number)
        .order_by(Work.position)
    )
    courses = [(version, work) for version, work in db.session.execute(query)]
    for place, person in enumerate(people):
        for version, work in courses[: 1 + place % 3]:
            at = now - timedelta(days=2 + rng.randrange(30), minutes=rng.randrange(600))
            finishes = rng.random() < 0.7
            parts = version.parts if finishes else version.parts[: 1 + rng.randrange(2)]
            _read(person.id, work.id, parts, at)
            if finishes:
                _pass(person, version, work, at + timedelta(hours=1), rng)


def _read(person_id: int, work_id: int, parts: list[dict[str, str]], at: datetime) -> None:
    for number, part in enumerate(parts):
        seen = at + timedelta(minutes=5 * number)
        row = {"person_id": person_id, "work_id": work_id, "part": part["id"], "place": 100}
        db.session.add(Progress(**row, seen_at=seen, done_at=seen))


def _pass(person: Person, version: WorkVersion, work: Work, at: datetime, rng: Random) -> None:
    answers = {q["id"]: list(q["right"]) for q in version.questions}
    slip = rng.choice(version.questions)
    answers[slip["id"]] = [next(o for o in slip["options"] if o not in slip["right"])]
    result = quiz.mark(version.questions, answers, version.settings["pass_percent"])
    attempt = Attempt(
        ref="QA" + "".join(rng.choices(LETTERS, k=8)),
        person_id=person.id,
        work_id=work.id,
        version_id=version.id,
        seed=rng.randrange(10**6),
        answers=answers,
        correct=result.correct,
        asked=len(result.marked),
        passed=result.passed,
        started_at=at,
        ended_at=at + timedelta(minutes=9),
    )
    db.session.add(attempt)
    db.session.flush()
    db.session.add(_certificate(person, version, attempt, result, rng))


def _certificate(
    person: Person, version: WorkVersion, attempt: Attempt, result: quiz.Result, rng: Random
) -> Certificate:
    return Certificate(
        number=_number(rng),
        person_id=person.id,
        work_id=version.work_id,
        version_id=version.id,
        attempt_id=attempt.id,
        name=person.name,
        titles={tag: text["title"] for tag, text in version.texts.items()},
        score=result.percent,
        lessons=len(version.parts),
        issued_at=attempt.ended_at,
    )


def _number(rng: Random) -> str:
    """Return a number by the demo's own dice: the same seed gives the same."""
    while True:
        body = certificates.PREFIX + "".join(rng.choices(LETTERS, k=certificates.RANDOM))
        for check in LETTERS:
            if certificates.parsed(body + check) == body + check:
                return body + check
