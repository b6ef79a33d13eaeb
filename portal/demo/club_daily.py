"""The demo's days: check-ins in a row, answered questions, a raffle that runs and one drawn."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.accounts.models import Company, Membership, Person
from portal.accounts.roles import rights_of
from portal.club.daily.models import (
    CheckIn,
    DailyPerson,
    QuizAnswer,
    QuizDay,
    Raffle,
    RafflePurchase,
    RaffleTicket,
)
from portal.club.daily.rules import raffles as draws
from portal.club.daily.rules import visits as rules
from portal.club.daily.rules.visits import Coming
from portal.club.daily.service import quiz, raffles, tickets, visits
from portal.club.daily.starter import loading
from portal.club.points.models import PointAccount
from portal.club.points.service import ledger
from portal.core import clock
from portal.forum.models import ForumProfile

DAYS, PAID = 24, 6  # days of questions; the last days whose check-ins bring points
PEOPLE = 16
_C, _P, _A, _D, _R, _B, _T = (
    m.__table__
    for m in (CheckIn, DailyPerson, QuizAnswer, QuizDay, Raffle, RafflePurchase, RaffleTicket)
)
_ACCOUNT, _COMPANY, _MEMBER, _PERSON, _PROFILE = (
    m.__table__ for m in (PointAccount, Company, Membership, Person, ForumProfile)
)
#: title and prize in zh-Hans, zh-Hant, en; cost, most a person, places
_DRAWN = (
    ("霜降抽奖：保温箱三只", "霜降抽獎：保溫箱三只", "Autumn raffle: three insulated boxes"),
    (
        "三只 48 升医药级保温箱，附冰排。前台领取。",
        "三只 48 公升醫藥級保溫箱，附保冷劑。櫃台領取。",
        "Three insulated boxes of 48 litres with cold packs. Fetch them at the front desk.",
    ),
    (0, 4, 3),
)
_RUNNING = (
    (
        "年末抽奖：五托盘免费仓储一个月",
        "年末抽獎：五板免費倉儲一個月",
        "Year’s end: a month of storage",
    ),
    (
        "五个托盘位常温仓储一个月，另有两份季末礼盒。",
        "五個棧板位常溫倉儲一個月，另有兩份季末禮盒。",
        "Five pallet places at room temperature for a month; two gift boxes for the next.",
    ),
    (10, 5, 3),
)


def load(now: datetime, *, on: Connection) -> None:
    """Let members have answered and taken tickets in the last weeks; they have come before."""
    chance = Random(7)  # noqa: S311 - content to look at
    loading.load(now - timedelta(days=40), on=on)
    members = _members(on)
    for number, user in enumerate(members):
        _stand(user, number, on)
    _questions(members, now, chance, on)
    manager = _manager(on)
    if manager is not None and members:
        _drawn(members, manager, now, on)
        _running(members, manager, now, on)


def _members(on: Connection) -> list[User]:
    wanted = (
        select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.email, _MEMBER.c.company_id, _MEMBER.c.role)
        .add_columns(_COMPANY.c.name.label("company_name"))
        .join(_PROFILE, _PROFILE.c.person_id == _PERSON.c.id)
        .join(_MEMBER, _MEMBER.c.person_id == _PERSON.c.id)
        .join(_COMPANY, _COMPANY.c.id == _MEMBER.c.company_id)
        .order_by(_MEMBER.c.id)
        .limit(2 * PEOPLE)
    )
    found = {row.id: row for row in reversed(on.execute(wanted).all())}  # some work for two
    return [
        User(
            person_id=row.id,
            name=row.name,
            email=row.email,
            company_id=row.company_id,
            company_name=row.company_name,
            role=row.role,
            rights=rights_of(row.role, None),
        )
        for row in list(found.values())[-PEOPLE:]
    ]


def _manager(on: Connection) -> User | None:
    row = on.execute(select(_PERSON).where(_PERSON.c.staff_role == "manager")).first()
    if row is None:
        return None
    rights = rights_of(None, "manager")
    names = {"name": row.name, "email": row.email}
    return User(person_id=row.id, staff_role="manager", rights=rights, **names)


def visits_of(now: datetime, *, on: Connection) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """Yield when members checked in on their last days, today not yet, and what writes it."""
    zone = clock.zone()
    for number, user in enumerate(_members(on)):
        length = _length(number)
        for streak in range(1, length + 1):
            at = now.astimezone(zone) - timedelta(days=length + 1 - streak)
            at = at.replace(hour=8 + number % 9, minute=7 * number % 60)
            found = Coming(at.date(), streak, None)
            yield at, partial(_visit, user, found, at, length - streak < PAID, on)


def _length(number: int) -> int:
    return (23, 6, 13, 40, 2, 9, 29, 5)[number % 8]


def _visit(user: User, found: Coming, at: datetime, pays: bool, on: Connection) -> None:
    points = _paid(user, found, at, on) if pays else 1
    row = {"person_id": user.person_id, "day": found.on, "at": at, "zone": clock.zone().key}
    counted = {"streak": found.streak, "points": points, "forgave": False}
    on.execute(insert(_C).values(**row, **counted))


def _stand(user: User, number: int, on: Connection) -> None:
    """Let somebody stand as his check-ins have it."""
    length = _length(number)
    visits.locked(user.person_id, on)
    mine = _C.c.person_id == user.person_id
    last = on.execute(select(_C).where(mine).order_by(_C.c.day.desc()).limit(1)).one()
    values = {"last_on": last.day, "last_at": last.at, "last_zone": last.zone}
    counted = {"streak": length, "longest": max(length, 11), "total": length + 8}
    person = update(_P).where(_P.c.person_id == user.person_id)
    on.execute(person.values(**values, **counted))


def _paid(user: User, found: Coming, at: datetime, on: Connection) -> int:
    whose, cause = (user.person_id, user.company_id), f"check_in:{found.on.isoformat()}"
    points = ledger.earn("check_in", *whose, cause, at=at, on=on)
    reward = rules.points_of(found.streak)
    if reward:
        points += ledger.earn("streak", *whose, cause, points=reward, at=at, on=on)
    return points


def _questions(members: Sequence[User], now: datetime, chance: Random, on: Connection) -> None:
    today = now.astimezone(clock.zone()).date()
    for ago in range(DAYS, 0, -1):
        day = today - timedelta(days=ago)
        asked = quiz.ask(day, "demo", on=on)
        at = now - timedelta(days=ago)
        answered = [user for user in members if chance.random() < 0.7]
        rows = [_answer(user, asked, at, chance) for user in answered]
        if rows:
            on.execute(insert(_A), rows)
        right = sum(row["is_right"] for row in rows)
        counted = update(_D).where(_D.c.day == day)
        on.execute(counted.values(answered=len(rows), answered_right=right))
        for row in rows:
            _standing(row, on)


def _answer(user: User, asked: Any, at: datetime, chance: Random) -> dict[str, Any]:
    is_right = chance.random() < 0.72
    choice = asked.right if is_right else (asked.right + 1 + chance.randrange(3)) % 4
    whose = {"day": asked.day, "person_id": user.person_id, "points": 0}
    return {**whose, "choice": choice, "is_right": is_right, "at": at}


def _standing(row: dict[str, Any], on: Connection) -> None:
    mine = select(_P).where(_P.c.person_id == row["person_id"])
    before = on.execute(mine).one()
    on.execute(quiz.standing(before, row["day"], row["is_right"]))


def _raffle(told: Any, manager: User, opens: datetime, closes: datetime, on: Connection) -> Any:
    titles, prizes, (cost, most, places) = told
    tags = ("zh-Hans", "zh-Hant", "en")
    said = raffles.Said(
        titles=dict(zip(tags, titles, strict=True)),
        prizes=dict(zip(tags, prizes, strict=True)),
        opens_at=opens,
        closes_at=closes,
        cost=cost,
        most=most,
        places=places,
    )
    ref = raffles.make(said, manager, on=on)
    seed = hashlib.sha256(titles[0].encode()).hexdigest()
    public = {"state": "published", "seed": seed, "commitment": draws.commitment_of(seed)}
    at = opens - timedelta(days=1)
    mine = update(_R).where(_R.c.ref == ref)
    changed = mine.values(**public, published_at=at, created_at=at)
    return on.execute(changed.returning(_R)).one()


def _drawn(members: Sequence[User], manager: User, now: datetime, on: Connection) -> None:
    opens, closes = now - timedelta(days=18), now - timedelta(days=3)
    row = _raffle(_DRAWN, manager, opens, closes, on)
    count = 0
    for week in range(2):
        at = opens + timedelta(days=7 * week + 1)
        for number, user in enumerate(members[week:]):
            count += 1
            _free(row.id, user, at + timedelta(minutes=37 * number), count, on)
    on.execute(update(_R).where(_R.c.id == row.id).values(tickets=count))
    raffles.draw(row.ref, on=on)
    raffles.hand_over(row.ref, 1, manager, on=on)
    drawn_at = closes + timedelta(minutes=6)
    on.execute(update(_R).where(_R.c.id == row.id).values(drawn_at=drawn_at))


def _free(raffle_id: int, user: User, at: datetime, number: int, on: Connection) -> None:
    purchase = {
        "ref": f"RTDEMO{number:04}",
        "raffle_id": raffle_id,
        "person_id": user.person_id,
        "tickets": 1,
        "points": 0,
        "week": tickets.week_of(at.date()),
        "form_name": f"demo{raffle_id:012}{number:016}",
        "is_refunded": False,
        "at": at,
    }
    id_ = on.scalar(insert(_B).values(**purchase).returning(_B.c.id))
    name = hashlib.sha256(f"{raffle_id}:{user.person_id}".encode()).hexdigest()[:8].upper()
    ticket = {"raffle_id": raffle_id, "number": number, "person_id": user.person_id}
    on.execute(insert(_T).values(**ticket, pseudonym=f"P{name}", purchase_id=id_))


def _running(members: Sequence[User], manager: User, now: datetime, on: Connection) -> None:
    """Let those who have the points have taken tickets; the one who looks at it has some left."""
    opens, closes = now - timedelta(days=4), now + timedelta(days=9)
    open_until = max(closes, clock.now() + timedelta(days=1))  # ``now`` may be long ago
    row = _raffle(_RUNNING, manager, opens, open_until, on)
    for number, user in enumerate(members):
        account = select(_ACCOUNT.c.balance).where(_ACCOUNT.c.person_id == user.person_id)
        count = min(1 + number % 3, ((on.scalar(account) or 0) - 20) // row.cost)
        if count > 0:
            wish = tickets.Wish(count, row.cost, f"demo{row.id:012}{number:016}")
            tickets.take(user, row.ref, wish, on=on)
    on.execute(update(_R).where(_R.c.id == row.id).values(closes_at=closes))
