"""People who come every day, questions, raffles that are open, and a clock that can be set."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

from sqlalchemy import select, update

from portal.club.daily.models import QuizQuestion, Raffle
from portal.club.daily.service import questions, raffles
from portal.club.points.service import ledger
from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.forum.service import people
from tests.factories import make_colleague, make_company, make_person, user_of

TAGS = ("zh-Hans", "zh-Hant", "en")
_R, _Q = Raffle.__table__, QuizQuestion.__table__


def make_member(points: int = 0) -> tuple[Any, Any]:
    """Make a colleague who has entered the club; return the person and the user."""
    company = make_company()
    person = make_colleague(company, "operations")
    user = user_of(person, company, "operations")
    db.session.commit()
    write(lambda on: people.enter(user, on=on))
    if points:
        args = ("streak", user.person_id, user.company_id, "test:points")
        write(lambda on: ledger.earn(*args, points=points, on=on))
    return person, user


def make_manager() -> Any:
    """Make who runs quiz and raffles."""
    user = user_of(make_person(staff_role="manager"))
    db.session.commit()
    return user


def make_question(word: str = "pallet", *, right: int = 2, ready: bool = True) -> str:
    """Write a question in three languages whose answers hold its word; return its reference."""
    text = {
        "ask": f"What is {word}?",
        "options": [f"{word} {letter}" for letter in "abcd"],
        "why": f"Because {word}.",
    }
    texts = {tag: {**text, "ask": f"{tag} {word}?"} for tag in TAGS}
    said = questions.Said(topic="packing", texts=texts, right=right, link="/learn", source="GS1")
    manager = make_manager()
    ref = write(lambda on: questions.make(said, manager, on=on))
    if ready:
        write(lambda on: questions.move(ref, "ready", manager, on=on))
    return ref


def make_raffle(*, cost: int = 10, most: int = 5, places: int = 1, is_open: bool = True) -> str:
    """Make and publish a raffle; return its reference."""
    at, manager = clock.now(), make_manager()
    said = raffles.Said(
        titles=dict.fromkeys(TAGS, "Autumn"),
        prizes=dict.fromkeys(TAGS, "A box"),
        opens_at=at + timedelta(hours=1),
        closes_at=at + timedelta(days=9),
        cost=cost,
        most=most,
        places=places,
    )
    ref = write(lambda on: raffles.make(said, manager, on=on))
    write(lambda on: raffles.publish(ref, manager, on=on))
    if is_open:
        change(ref, opens_at=at - timedelta(hours=1))
    return ref


def change(ref: str, **values: Any) -> None:
    """Change a raffle, as time would."""
    write(lambda on: on.execute(update(_R).where(_R.c.ref == ref).values(**values)))


def end(ref: str) -> None:
    """Let a raffle have ended."""
    change(ref, closes_at=clock.now() - timedelta(seconds=1))


def row_of(ref: str) -> Any:
    """Return a raffle as it stands, its secret too."""
    db.session.rollback()
    found = db.session.execute(select(_R).where(_R.c.ref == ref)).one()
    db.session.rollback()
    return found


def at_once(app: Any, works: list[Any]) -> list[Any]:
    """Do works in threads that begin together; return what each said, refusals as text."""
    db.session.rollback()
    barrier, said = Barrier(len(works)), []

    def run(work: Any) -> None:
        with app.app_context():
            barrier.wait()
            try:
                said.append(work())
            except Refused as refusal:
                said.append(str(refusal))
            db.session.remove()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said
