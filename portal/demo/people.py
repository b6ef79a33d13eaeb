"""Who is in the demo centre: companies, their colleagues, the centre's own people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import insert, select
from stdnum.cn import uscc

from portal.accounts import service as accounts
from portal.accounts.models import Company, Person
from portal.accounts.service.companies import LETTERS
from portal.consignments.models import Address
from portal.core import passwords
from portal.core.db import db
from portal.demo.parties import Entry, address_book, house_number, phone
from portal.demo.places import BY_CITY

PASSWORD = "quayside-demo"  # noqa: S105 - told to every visitor of the demo
OPENED = timedelta(days=520)  # the centre had its first members this long ago


@dataclass(frozen=True)
class Shipper:
    """An invented company: its trade, from where it sends, and its share of all consignments."""

    name: str
    name_en: str | None
    city: str
    country: str
    ships_from: str
    trades: tuple[str, ...]
    share: float
    order_prefix: str
    #: Share of its consignments that leave the country.
    abroad: float = 0.0
    #: Has a demo sign-in, so that every page of it is full.
    principal: bool = True
    storehouse: str = "一号仓"


SHIPPERS = (
    Shipper("华东家居", "Huadong Home", "杭州", "CN", "杭州", ("home", "textiles"), 0.30, "HD"),
    Shipper("珠江科技", "Pearl Tech", "广州", "CN", "广州", ("tech",), 0.22, "PT", 0.08),
    Shipper(
        "Nordwind GmbH",
        None,
        "Hamburg",
        "DE",
        "上海",
        ("machines",),
        0.10,
        "NW",
        0.45,
        storehouse="临港保税仓",
    ),
    Shipper("云栖茶业", "Yunqi Tea", "杭州", "CN", "杭州", ("tea",), 0.09, "YQ", 0.04),
    Shipper(
        "海川贸易", "Haichuan Trading", "宁波", "CN", "宁波", ("home", "machines"), 0.08, "HC", 0.2
    ),
    Shipper(
        "鲜达食品", "Xianda Foods", "青岛", "CN", "青岛", ("food",), 0.08, "XD", principal=False
    ),
    Shipper(
        "锦织坊纺织",
        "Jinzhifang Textiles",
        "苏州",
        "CN",
        "苏州",
        ("textiles",),
        0.06,
        "JZ",
        principal=False,
    ),
    Shipper(
        "拓源机电",
        "Tuoyuan Electric",
        "武汉",
        "CN",
        "武汉",
        ("machines",),
        0.04,
        "TY",
        principal=False,
    ),
    Shipper(
        "知夏图书", "Zhixia Books", "长沙", "CN", "长沙", ("books",), 0.03, "ZX", principal=False
    ),
)
PROSPECT = "Kraft Pack 科包包装"
#: e-mail, name, language, companies with the role in each.
MEMBERS: tuple[tuple[str, str, str | None, tuple[tuple[str, str], ...]], ...] = (
    ("owner@huadong-home.example", "沈雅琴", None, (("华东家居", "owner"),)),
    ("ops@huadong-home.example", "周敏", None, (("华东家居", "operations"),)),
    ("finance@huadong-home.example", "钱思远", None, (("华东家居", "finance"),)),
    ("viewer@huadong-home.example", "吴晓彤", None, (("华东家居", "viewer"),)),
    ("owner@pearl-tech.example", "梁志豪", None, (("珠江科技", "owner"),)),
    ("owner@nordwind.example", "Anna Lindqvist", "en", (("Nordwind GmbH", "owner"),)),
    ("both@trade.example", "陆嘉宁", None, (("云栖茶业", "owner"), ("海川贸易", "operations"))),
    ("bids@kraft-pack.example", "方启明", None, ()),
)
STAFF = (
    ("dispatcher", "dispatcher", "陈立"),
    ("driver", "driver", "王建军"),
    ("driver2", "driver", "赵国强"),
    ("warehouse", "warehouse", "孙丽华"),
    ("agent", "agent", "林小雨"),
    ("agent2", "agent", "何佳怡"),
    ("sales", "sales", "郑凯"),
    ("marketing", "marketing", "许诺"),
    ("finance", "finance", "冯静"),
    ("buyer", "buyer", "邓伟"),
    ("moderator", "moderator", "罗一帆"),
    ("manager", "manager", "高远"),
    ("admin", "admin", "唐文博"),
)


@dataclass(frozen=True)
class Home:
    """A shipper that now is a company of the centre, with those it sends to."""

    shipper: Shipper
    company_id: int
    consignor: Entry
    book: tuple[Entry, ...]
    #: The colleague in whose name orders are made; None where the demo has nobody.
    person_id: int | None


def is_empty() -> bool:
    """Return whether this instance holds no company and no person yet."""
    return (
        db.session.scalar(select(Company.id).limit(1)) is None
        and db.session.scalar(select(Person.id).limit(1)) is None
    )


def reference(rng: Random, prefix: str) -> str:
    """Return a public reference as the accounts give them, but from ``rng``."""
    return prefix + "".join(rng.choices(LETTERS, k=8))


def make_everybody(rng: Random, now: datetime) -> tuple[list[Home], int]:
    """Make all companies and people; return the shippers' homes and the dispatcher's id."""
    kept = passwords.hashed(PASSWORD)  # once: a visitor waits for this
    companies = {shipper.name: _company(shipper, rng, now) for shipper in SHIPPERS}
    prospect = accounts.create_company(PROSPECT, city="温州", ref=reference(rng, "C"))
    prospect.lifecycle, prospect.created_at = "prospect", now - timedelta(days=9)
    first: dict[str, int] = {}
    for email, name, locale, roles in MEMBERS:
        person = _person(email, name, kept, now, locale=locale)
        for company, role in roles:
            accounts.add_colleague(person, companies[company], role).created_at = person.created_at
            first.setdefault(company, person.id)
    staff = [
        _person(f"{mailbox}@quayside.example", name, kept, now, staff_role=role)
        for mailbox, role, name in STAFF
    ]
    homes = [_home(s, companies[s.name], first.get(s.name), rng, now) for s in SHIPPERS]
    return homes, staff[0].id


def _company(shipper: Shipper, rng: Random, now: datetime) -> Company:
    company = accounts.create_company(
        shipper.name,
        country=shipper.country,
        city=shipper.city,
        name_en=shipper.name_en,
        credit_code=_credit_code(shipper, rng),
        ref=reference(rng, "C"),
    )
    company.created_at = now - OPENED + timedelta(days=rng.randrange(60))
    return company


def _credit_code(shipper: Shipper, rng: Random) -> str | None:
    if shipper.country != "CN":
        return None
    body = f"91{BY_CITY[shipper.city].division}MA{rng.randrange(10**7):07d}"
    return body + str(uscc.calc_check_digit(body))


def _person(
    email: str,
    name: str,
    kept: str,
    now: datetime,
    *,
    locale: str | None = None,
    staff_role: str | None = None,
) -> Person:
    person = accounts.create_person(email, name, None, staff_role=staff_role, locale=locale)
    person.password_hash, person.created_at = kept, now - OPENED
    return person


def _home(
    shipper: Shipper, company: Company, person: int | None, rng: Random, now: datetime
) -> Home:
    place = BY_CITY[shipper.ships_from]
    consignor = Entry(
        f"{shipper.name} {shipper.storehouse}",
        phone(rng, place),
        f"{place.streets[0]} {house_number(rng)} 号",
        f"{place.postcode}{rng.randrange(100):02d}",
        place,
    )
    company.consignor = {**consignor.as_party(), "division_code": place.division}
    book = address_book(rng, shipper.abroad, near=place)
    rows = [
        {
            **entry.as_party(),
            "ref": reference(rng, "A"),
            "company_id": company.id,
            "division_code": entry.place.division,
            **entry.position,
            "created_at": now - OPENED + timedelta(days=70 + n),
        }
        for n, entry in enumerate((consignor, *book[:13]))
    ]
    db.session.execute(insert(Address.__table__), rows)
    return Home(shipper, company.id, consignor, book, person)
