"""The demo's points: what members did in forum and warehouse, rewards, and who ordered them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, exists, select, update

from portal.accounts.access import User
from portal.accounts.models import Company, Membership, Person
from portal.accounts.roles import rights_of
from portal.club.points.models import (
    PointAccount,
    PointEntry,
    Reward,
)
from portal.club.points.service import deeds, rewards
from portal.club.points.service.deeds import Deed
from portal.club.points.service.rewards import Said
from portal.consignments.models import Consignment
from portal.core import files, scope
from portal.demo import club_daily
from portal.demo.warehouse_photos import draw
from portal.forum.models import ForumProfile, ForumTopic
from portal.warehousing.inbound.models import Difference, InboundNotice

WORKERS, HANDOVERS = 8, 14  # people who order consignments; of each, so many were in time
_ACCOUNT, _ENTRY, _REWARD = (model.__table__ for model in (PointAccount, PointEntry, Reward))
_C, _COMPANY, _DIFFERENCE, _MEMBER, _NOTICE, _PERSON, _PROFILE, _TOPIC = (
    model.__table__
    for model in (
        Consignment,
        Company,
        Difference,
        Membership,
        InboundNotice,
        Person,
        ForumProfile,
        ForumTopic,
    )
)
#: kind, names (zh-Hans, zh-Hant, en), what one gets, cost, stock, per person, approval, picture
_CATALOGUE: tuple[tuple[Any, ...], ...] = (
    (
        "souvenir",
        ("集装箱卡通冰箱贴", "貨櫃卡通冰箱貼", "Container fridge magnet"),
        (
            "一套三枚：二十尺、四十尺、冷藏箱。前台领取。",
            "一套三枚：二十呎、四十呎、冷藏櫃。櫃台領取。",
            "A set of three: twenty-foot, forty-foot, reefer. Fetch it at the front desk.",
        ),
        20,
        60,
        3,
        False,
        ("container", "17808f"),
    ),
    (
        "souvenir",
        ("保温杯（中心纪念款）", "保溫杯（中心紀念款）", "Flask with the centre’s mark"),
        (
            "500 毫升，刻您的姓名需另等三天。",
            "500 毫升，刻上您的姓名需另等三天。",
            "Half a litre. With your name on it: three days more.",
        ),
        80,
        24,
        1,
        True,
        ("tin", "c8452f"),
    ),
    (
        "storage",
        ("一个托盘免费仓储一天", "一個棧板免費倉儲一天", "One pallet stored free for a day"),
        (
            "下张账单上抵扣；常温库，含入库和出库。",
            "下張帳單上抵扣；常溫倉，含入庫和出庫。",
            "Taken off your next bill; at room temperature, receiving and shipping included.",
        ),
        50,
        None,
        None,
        True,
        ("pallet", "3f7f4f"),
    ),
    (
        "training",
        (
            "“危险品包装”一日课名额",
            "「危險品包裝」一日課名額",
            "Seat in “Packing dangerous goods”",
        ),
        (
            "每月第二个星期四，小班十二人，含证书。",
            "每月第二個星期四，小班十二人，含證書。",
            "Every second Thursday of the month, twelve people, with certificate.",
        ),
        150,
        12,
        1,
        True,
        ("certificate", "2f6b94"),
    ),
    (
        "service",
        ("优先月台时段一次", "優先月台時段一次", "One priority slot at the dock"),
        (
            "送货当天提前一天约定，最忙的上午也有位置。",
            "送貨前一天約定，最忙的上午也有位置。",
            "Agreed the day before, also in the busiest morning.",
        ),
        60,
        6,
        2,
        True,
        ("gate", "b98a00"),
    ),
)


def load(now: datetime, *, on: Connection) -> None:
    """Let deeds be counted, rewards stand in the catalogue, and some of them be ordered."""
    topics = on.scalars(select(_TOPIC.c.id).order_by(_TOPIC.c.id)).all()
    done = [deed for topic_id in topics for deed in deeds.found_in(topic_id, on=on)]
    done += [*_handed_over(now, on), *_announced(on)]
    acts: list[tuple[datetime, Callable[[], object]]] = [
        (deed.at, partial(deeds.settle, deed, True, on=on)) for deed in done
    ]
    for _at, act in sorted([*acts, *club_daily.visits_of(now, on=on)], key=itemgetter(0)):
        act()
    on.execute(update(_ENTRY).where(_ENTRY.c.at < now).values(made_at=_ENTRY.c.at))
    manager = _user(on.execute(select(_PERSON).where(_PERSON.c.staff_role == "manager")).first())
    if manager is not None:
        refs = [_make(each, manager, on) for each in _CATALOGUE]
        _order(refs, manager, on)


def _handed_over(now: datetime, on: Connection) -> Iterator[Deed]:
    """Yield consignments of people of the club that were picked up in time."""
    people = select(_MEMBER.c.person_id, _MEMBER.c.company_id).join(
        _PROFILE, _PROFILE.c.person_id == _MEMBER.c.person_id
    )
    for number, row in enumerate(on.execute(people.order_by(_MEMBER.c.id).limit(WORKERS)).all()):
        in_time = select(_C.c.no, _C.c.pickup_actual).where(
            _C.c.company_id == row.company_id,
            _C.c.pickup_actual <= _C.c.pickup_planned,
            _C.c.pickup_actual.between(now - timedelta(days=45), now),
        )
        wanted = in_time.order_by(_C.c.id.desc()).limit(HANDOVERS - number)
        for found in on.execute(wanted.execution_options(**scope.of(row.company_id))).all():
            cause, at = f"consignment:{found.no}", found.pickup_actual
            yield Deed("handover", cause, row.person_id, row.company_id, at)


def _announced(on: Connection) -> Iterator[Deed]:
    """Yield what the first of each company announced as it came."""
    among = select(_NOTICE.c.ref, _NOTICE.c.company_id, _NOTICE.c.changed_at).where(
        _NOTICE.c.status == "completed", ~exists().where(_DIFFERENCE.c.notice_id == _NOTICE.c.id)
    )
    for row in on.execute(among.limit(40).execution_options(**scope.CENTRE)).all():
        first = select(_MEMBER.c.person_id).where(_MEMBER.c.company_id == row.company_id)
        person_id = on.scalar(first.order_by(_MEMBER.c.id).limit(1))
        if person_id is not None:
            cause = f"inbound:{row.ref}"
            yield Deed("notice", cause, person_id, row.company_id, row.changed_at)


def _make(told: tuple[Any, ...], by: User, on: Connection) -> str:
    kind, names, abouts, cost, stock, per_person, needs_approval, drawn = told
    said = Said(
        kind=kind,
        names=dict(zip(("zh-Hans", "zh-Hant", "en"), names, strict=True)),
        abouts=dict(zip(("zh-Hans", "zh-Hant", "en"), abouts, strict=True)),
        cost=cost,
        stock=stock,
        per_person=per_person,
        needs_approval=needs_approval,
        is_shown=True,
        picture=files.keep_picture(draw(*drawn)).key,
    )
    return rewards.make(said, by, on=on)


def _order(refs: list[str], manager: User, on: Connection) -> None:
    """Let those who have most order what they can: one handed over, one refused, two waiting."""
    most = select(_ACCOUNT.c.person_id, _ACCOUNT.c.balance).order_by(_ACCOUNT.c.balance.desc())
    best = on.execute(most.limit(4)).all()
    fates = (("approve", "hand"), ("refuse",), (), ())
    catalogue = {row.ref: row for row in on.execute(select(_REWARD))}
    for number, ((person_id, points), acts) in enumerate(zip(best, fates, strict=False)):
        reward = catalogue[refs[2 if number < 3 else 0]]
        buyer = _user(on.execute(_person(person_id)).first())
        if buyer is None or points < reward.cost:
            continue
        name = f"demo{number:028}"
        made = rewards.order(reward.id, buyer, name, cost=reward.cost, on=on)
        for act in acts:
            why = "本月账单已经结清，请下月再换。" if act == "refuse" else None
            rewards.act(made, act, manager, reason=why, on=on)


def _person(person_id: int) -> Any:
    return (
        select(*_PERSON.c, _MEMBER.c.company_id, _MEMBER.c.role)
        .add_columns(_COMPANY.c.name.label("company_name"))
        .join(_MEMBER, _MEMBER.c.person_id == _PERSON.c.id)
        .join(_COMPANY, _COMPANY.c.id == _MEMBER.c.company_id)
        .where(_PERSON.c.id == person_id)
        .order_by(_MEMBER.c.id)
    )


def _user(row: Any) -> User | None:
    """Return a person as he would ask; None for nobody."""
    if row is None:
        return None
    role = getattr(row, "role", None)
    return User(
        person_id=row.id,
        name=row.name,
        email=row.email,
        company_id=getattr(row, "company_id", None),
        company_name=getattr(row, "company_name", None),
        role=role,
        staff_role=row.staff_role,
        rights=rights_of(role, row.staff_role),
    )
