"""The register of the demo centre: who looks after whom, notes, what is to be confirmed, doubles.

Two companies stand in it twice, as happens when somebody is entered in a hurry.
"""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import insert, select

from portal.accounts import fulltext
from portal.accounts import service as accounts
from portal.accounts.events import CompanyConfirmed, CompanyNoted
from portal.accounts.models import Company, CompanyNote, Person, SavedView
from portal.consignments.models import Address
from portal.core import clock, events
from portal.core.db import db
from portal.core.events import Event
from portal.demo.people import reference

#: Company → province, who looks after it, days since it confirmed its details (None: never).
KNOWN: dict[str, tuple[str | None, str, int | None]] = {
    "华东家居": ("浙江", "sales", 96),
    "珠江科技": ("广东", "sales", 212),
    "Nordwind GmbH": ("Hamburg", "manager", 41),
    "云栖茶业": ("浙江", "sales", 348),
    "海川贸易": ("浙江", "sales", 291),
    "鲜达食品": ("山东", "manager", 339),
    "锦织坊纺织": ("江苏", "sales", 402),
    "拓源机电": ("湖北", "sales", 371),
    "知夏图书": ("湖南", "manager", 120),
}
SUPPLIER = "Kraft Pack 科包包装"


class Note(NamedTuple):
    """A note: about whom, by whom, how many days ago, what, and whether it stands first."""

    company: str
    by: str
    days: int
    text: str
    is_pinned: bool = False


NOTES = (
    Note(
        "华东家居",
        "sales",
        64,
        "仓库周六只收货到 11:30，派车前请先打沈总手机。旺季日均 40 票以上，提前一周约车位。",
        True,
    ),
    Note("华东家居", "manager", 20, "十一月运价已谈妥，延用现行价目表到明年三月底。"),
    Note("华东家居", "agent", 6, "反映两票卫浴件外箱压痕，已发照片，客户暂不索赔，建议加护角。"),
    Note("珠江科技", "sales", 33, "下季度新增马来西亚航线，预计每月 60 票，要求中英文面单。", True),
    Note("珠江科技", "agent", 9, "对账联系人换成梁志豪本人，原财务邮箱停用。"),
    Note(
        "Nordwind GmbH",
        "manager",
        28,
        "Prefers mail in English; customs papers go to Anna Lindqvist only.",
        True,
    ),
    Note("云栖茶业", "agent", 15, "茶叶怕串味：不与日化、食品添加剂同车，仓位尽量靠门。", True),
    Note("海川贸易", "sales", 11, "怀疑与“海川贸易有限公司”是同一家，等营业执照复印件到了再合并。"),
    Note("锦织坊纺织", "sales", 4, "确认函发过两次未回，下次拜访时当面核对开票资料。"),
)


class Double(NamedTuple):
    """A company that was entered a second time."""

    of: str
    name: str
    name_en: str
    city: str
    same_code: bool
    days: int


DOUBLES = (
    Double("海川贸易", "海川贸易有限公司", "Haichuan Trading Co., Ltd.", "宁波", False, 37),
    Double("珠江科技", "珠江科技（广州）", "Pearl Tech Guangzhou", "广州", True, 12),
)
VIEWS = (
    ("待确认资料", "confirm=due&sort=confirmed", True),
    ("浙江客户", "place=%E6%B5%99%E6%B1%9F", True),
)


def load(rng: Random, now: datetime) -> None:
    """Write all of it, in the transaction of who calls."""
    staff = _staff()
    companies = {each.name: each for each in db.session.scalars(select(Company))}
    today = now.astimezone(clock.zone()).date()
    for name, (region, manager, days) in KNOWN.items():
        _know(companies[name], region, staff[manager], today, days)
        _confirmed(companies[name], now)
    _supplier(companies[SUPPLIER], staff["buyer"])
    for double in DOUBLES:
        _double(double, companies[double.of], staff["agent"], rng, now)
    for note in sorted(NOTES, key=lambda each: -each.days):
        _note(note, companies[note.company], staff[note.by], rng, now)
    _views(staff["manager"], rng, now)


def _staff() -> dict[str, int]:
    rows = db.session.execute(select(Person.email, Person.id).where(Person.staff_role.is_not(None)))
    return {row.email.partition("@")[0]: row.id for row in rows}


def _know(
    company: Company, region: str | None, manager: int, today: date, days: int | None
) -> None:
    values: dict[str, Any] = {"region": region}
    if company.account_manager_id is None:
        values["account_manager_id"] = manager
    if days is not None:
        values["confirmed_on"] = today - timedelta(days=days)
    _change(company, values)
    if days is not None and days >= 335:  # they were asked, and those long overdue once more
        company.confirm_asked_on = today - timedelta(days=days - 335)
        company.confirm_reminded_on = today - timedelta(days=days - 379) if days >= 379 else None


def _change(company: Company, values: dict[str, Any]) -> None:
    """Set columns as if they had always been so: the history tells of nothing."""
    for name, value in values.items():
        setattr(company, name, value)
    db.session.flush()
    row = {name: getattr(company, name) for name in ("id", "consignor", *fulltext.FIELDS)}
    fulltext.renew(row, on=db.session.connection())


def _supplier(company: Company, manager: int) -> None:
    _change(company, {"kinds": ["supplier"], "region": "浙江", "account_manager_id": manager})


def _double(double: Double, first: Company, by: int, rng: Random, now: datetime) -> None:
    """Enter a company again, with an address that it has written to since."""
    at = now - timedelta(days=double.days)
    company = accounts.create_company(
        double.name,
        name_en=double.name_en,
        city=double.city,
        credit_code=first.credit_code if double.same_code else None,
        ref=reference(rng, "C"),
    )
    company.created_at, company.confirmed_on = at, at.astimezone(clock.zone()).date()
    company.consignor = first.consignor
    party = first.consignor or {}
    db.session.execute(
        insert(Address.__table__),
        {
            **{
                name: party.get(name)
                for name in ("phone", "address", "city", "country", "postcode")
            },
            "name": f"{double.name} 收货处",
            "ref": reference(rng, "A"),
            "company_id": company.id,
            "created_at": at,
        },
    )
    text = "电话里登记的客户，资料未齐，先建档。"
    _note(Note(double.name, "agent", double.days, text), company, by, rng, now)


def _note(note: Note, company: Company, by: int, rng: Random, now: datetime) -> None:
    at = now - timedelta(days=note.days, minutes=rng.randrange(600))
    kept = CompanyNote(
        ref=reference(rng, "N"),
        company_id=company.id,
        person_id=by,
        text=note.text,
        is_pinned=note.is_pinned,
        created_at=at,
    )
    db.session.add(kept)
    written = CompanyNoted(
        actor_id=by, company_id=company.id, ref=company.ref, note=kept.ref, action="written"
    )
    _tell(written, at)


def _confirmed(company: Company, now: datetime) -> None:
    """Tell that a company has confirmed its details, on the day on which it has."""
    if company.confirmed_on is None or company.created_at.date() >= company.confirmed_on:
        return
    at = now - (now.astimezone(clock.zone()).date() - company.confirmed_on)
    _tell(CompanyConfirmed(actor_id=None, company_id=company.id, ref=company.ref), at)


def _tell(event: Event, at: datetime) -> None:
    row = {
        "name": event.name,
        "company_id": event.company_id,
        "actor_id": event.actor_id,
        "about": event.about,
        "payload": event.payload(),
        "recorded_at": at,
    }
    events.INSERT.run_many(db.session.connection(), [row])


def _views(by: int, rng: Random, now: datetime) -> None:
    for name, query, is_shared in VIEWS:
        db.session.add(
            SavedView(
                ref=reference(rng, "V"),
                page="companies",
                person_id=by,
                name=name,
                query=query,
                is_shared=is_shared,
                created_at=now,
            )
        )
