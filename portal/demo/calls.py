"""Who asked the demo centre to be called: some for today, some who were reached."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from portal.core.working import Hours
from portal.enquiries import rules
from portal.enquiries.models import CallAttempt, CallBack

#: (hours from now, name, company, telephone, zone, language, about, state, tries)
CALLS: tuple[tuple[float, str, str, str, str, str, str, str, int], ...] = (
    (
        -50,
        "潘志强",
        "强力工具",
        "+8613757100221",
        "Asia/Shanghai",
        "zh-Hans",
        "想了解整车到西安的价格",
        "reached",
        1,
    ),
    (
        -26,
        "Ellen Brandt",
        "Brandt Optik",
        "+4930901820",
        "Europe/Berlin",
        "en",
        "Insurance for lenses worth 40,000 euros",
        "reached",
        2,
    ),
    (
        -5,
        "汪雪梅",
        "雪梅丝绸",
        "+8613957110432",
        "Asia/Shanghai",
        "zh-Hans",
        "会员申请中“月均件数”怎么填",
        "waiting",
        1,
    ),
    (
        0.5,
        "James Carter",
        "Carter Cycles",
        "+441614960111",
        "Europe/London",
        "en",
        "Storing 300 bicycles over the winter",
        "waiting",
        0,
    ),
    (
        2,
        "何文彬",
        "文彬水产",
        "+8613606810077",
        "Asia/Shanghai",
        "zh-Hans",
        "冷链车每周的班次和保证金",
        "taken",
        0,
    ),
    (
        4,
        "蔡依婷",
        "依婷手作",
        "+886223456789",
        "Asia/Taipei",
        "zh-Hant",
        "寄到台灣的小包裹如何計費",
        "waiting",
        0,
    ),
    (
        20,
        "Sofia Almeida",
        "Almeida Têxtil",
        "+351213456700",
        "Europe/Lisbon",
        "en",
        "Monthly consolidation from Ningbo to Lisbon",
        "waiting",
        0,
    ),
)


def add_calls(people: dict[str, Any], hours: Hours, now: datetime, on: Connection) -> None:
    """Write the requests; those to come lie in working hours."""
    agent = next(person for person in people.values() if person.staff_role == "agent")
    for number, told in enumerate(CALLS):
        _add(number, told, agent.id, hours, now, on)


def _add(
    number: int,
    told: tuple[float, str, str, str, str, str, str, str, int],
    agent: int,
    hours: Hours,
    now: datetime,
    on: Connection,
) -> None:
    ahead, name, company, phone, zone, locale, about, state, tries = told
    wished = now + timedelta(hours=ahead)
    begin = hours.next_open(wished).replace(minute=0, second=0, microsecond=0)
    begin = max(begin, hours.next_open(begin))
    is_over = state == "reached"
    row = {
        "ref": f"CB{number:08d}".replace("0", rules.LETTERS[number + 10]),
        "name": name,
        "company_name": company,
        "phone": phone,
        "about": about,
        "locale": locale,
        "timezone": zone,
        "window_from": begin,
        "window_to": begin + timedelta(hours=2),
        "state": state,
        "due_at": None if is_over else begin,
        "tries": tries,
        "assigned_id": agent if state in ("taken", "reached") else None,
        "spam_score": 0,
        "spam_reasons": [],
        "created_at": min(begin, now) - timedelta(hours=3),
        "ended_at": begin + timedelta(minutes=20) if is_over else None,
    }
    added = insert(CallBack.__table__).values(**row).returning(CallBack.__table__.c.id)
    call = on.execute(added).scalar_one()
    for attempt in range(tries):
        last = is_over and attempt == tries - 1
        tried = {
            "call_back_id": call,
            "person_id": agent,
            "outcome": rules.REACHED if last else rules.NOT_REACHED,
            "next_at": None if last else begin,
            "created_at": begin
            + timedelta(minutes=12)
            - timedelta(hours=2 * (tries - 1 - attempt)),
        }
        if not is_over:
            tried["created_at"] = min(begin, now) - timedelta(hours=1)
        on.execute(insert(CallAttempt.__table__).values(**tried))
