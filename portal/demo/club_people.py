"""The demo's directory and a few conversations: what people of the trade offer each other."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from portal.accounts.access import User
from portal.accounts.models import Company, Membership, Person
from portal.accounts.roles import rights_of
from portal.club.direct.models import DirectMessage, DirectTalk
from portal.club.direct.service import talking
from portal.club.people.models import ClubCard
from portal.club.people.service import cards
from portal.club.people.service.cards import CompanySaid, Said
from portal.core import clock
from portal.forum.service import people

_PERSON, _M, _C, _TALK, _MESSAGE, _CARD = (
    model.__table__ for model in (Person, Membership, Company, DirectTalk, DirectMessage, ClubCard)
)
STAFF = "@quayside.example"
#: Mailbox → what he says of himself, which languages he speaks.
CARDS: dict[str, tuple[str, list[str]]] = {
    "owner@huadong-home.example": (
        "做家居十二年，三仓一厂。旺季缺车缺仓的时候欢迎互相照应，退货翻新的经验也可以聊。",
        ["zh", "en"],
    ),
    "ops@huadong-home.example": (
        "管出库和配送。大件上楼、安装预约、破损判责，每天都在处理，问我就行。",
        ["zh"],
    ),
    "viewer@huadong-home.example": ("新人，跟单。正在学怎样看轨迹和预计送达。", ["zh"]),
    "owner@pearl-tech.example": (
        "3C 数码，广州出货。带电货的空运和快递走过不少弯路，愿意分享清单。",
        ["zh", "yue", "en"],
    ),
    "owner@nordwind.example": (
        "Machine parts between Hamburg and Lingang. Ask me about EU customs, ATR and "
        "spare parts that must fly tonight. Looking for honest crating.",
        ["en", "de"],
    ),
    "both@trade.example": (
        "白天卖茶，晚上做贸易。茶叶怕潮怕味，拼柜前请先问我旁边放什么。",
        ["zh", "en", "ja"],
    ),
    f"agent{STAFF}": ("客服一线。寄件、改址、理赔材料，发消息给我，工作时间内都回。", ["zh", "en"]),
    f"warehouse{STAFF}": ("仓库主管。上架、盘点、批次冻结的问题，最好附上库位号。", ["zh"]),
    f"sales{STAFF}": ("仓配方案和报价。先说货量、件型和到货城市，我算给您看。", ["zh", "yue"]),
    f"moderator{STAFF}": ("会员之家的管理员。发帖被误收、想申诉，写给我。", ["zh", "en"]),
    f"dispatcher{STAFF}": ("调度。临时加车、改提货时段，当天十六点前都还有办法。", ["zh"]),
    f"manager{STAFF}": ("中心负责人。批评和建议都看，周五下午一起答复。", ["zh", "en", "fr"]),
}
#: Company → region, city, offers, in own words, looks for, in own words.
COMPANIES: dict[str, tuple[Any, ...]] = {
    "华东家居": (
        ("east", "杭州"),
        (["space", "city", "returns"], "三仓每年三月到六月有四百平方米空位"),
        (["boxes", "heavy"], "五层瓦楞异形箱，月用八千只"),
    ),
    "珠江科技": (
        ("south", "广州"),
        (["express", "inspection"], "带电货申报资料可以代为整理"),
        (["air", "insurance"], "每周两托去法兰克福"),
    ),
    "Nordwind GmbH": (
        ("europe", "Hamburg"),
        (["customs", "bonded"], "EU fiscal representation, Hamburg warehouse"),
        (["heavy", "rail"], "Crates to 3 t, ISPM 15"),
    ),
    "云栖茶业": (
        ("east", "杭州"),
        (["packing", "cold"], "充氮小包装代工"),
        (["cold_truck", "part_load"], "春茶季每天一趟杭州到北京，可拼"),
    ),
}
#: Between whom; hours ago, whether the first of the two speaks, what he says.
TALKS: tuple[tuple[str, str, tuple[tuple[float, bool, str], ...]], ...] = (
    (
        "owner@pearl-tech.example",
        "owner@huadong-home.example",
        (
            (
                75,
                True,
                "沈总好，看到您名片上写三仓有空位。我们九月有一批样机要放六周，大约 60 托，行吗？",
            ),
            (74, False, "可以。常温、有喷淋，层高 9 米，**单托不超过 800 公斤**。带电吗？"),
            (73.5, True, "整机，电池已拆，另走。MSDS 我这边有。"),
            (73, False, "那没问题。入库走中心的预报单，货主写你们，我让周敏留 C 区两排。"),
            (4, True, "谢谢！预报单今天已提交，到货排在周四上午，麻烦提醒三仓门口留一个月台。"),
        ),
    ),
    (
        "owner@nordwind.example",
        "both@trade.example",
        (
            (
                52,
                True,
                "Hello! You wrote about tea next to machine parts in one container. "
                "What distance did you keep, and did the liner help?",
            ),
            (
                50,
                False,
                "One bulkhead of cartons and a foil liner. Smell is the problem, not "
                "damp: no rubber, no grease on the outside.",
            ),
            (49, True, "Then our parts go in sealed crates, last row. Shall we try one in May?"),
            (
                3,
                False,
                "Yes, the 18th. I shall ask the centre for the loading plan and send you "
                "the floor sketch.",
            ),
        ),
    ),
    (
        "ops@huadong-home.example",
        f"agent{STAFF}",
        (
            (28, True, "林小雨您好，客户把送货改到周末，系统里还能改预约吗？"),
            (
                27.6,
                False,
                "可以，出库前在运单页点“改约”，周六日都有班次；已经出库的请先打电话给我们。",
            ),
            (27.5, True, "明白，还没出库，我自己改。"),
        ),
    ),
    (
        "both@trade.example",
        "owner@huadong-home.example",
        ((2, True, "沈总，春茶季的冷藏车想和您的家居件拼同一条线，您周二周五的车还有空位吗？"),),
    ),
)


def load(now: datetime, *, on: Connection) -> None:
    """Let people stand in the directory and write to each other; every message has its hour."""
    known = {email: _user(email, on) for email in _mailboxes()}
    for email, (about, languages) in CARDS.items():
        if (user := known[email]) is not None:
            people.enter(user, on=on)
            said = Said(
                is_shown=True, shows_name=True, shows_company=True, about=about, languages=languages
            )
            cards.save(said, user, version=0, on=on)
    for user in known.values():
        if user is not None and user.company_name in COMPANIES and user.may("company.edit"):
            _company(user, on)
    for one, other, told in TALKS:
        if (first := known[one]) is not None and (second := known[other]) is not None:
            _talk(first, second, told, now, on)
    on.execute(update(_CARD).values(changed_at=now - timedelta(days=12)))


def _mailboxes() -> list[str]:
    return [*CARDS, *(email for one, other, _told in TALKS for email in (one, other))]


def _user(email: str, on: Connection) -> User | None:
    row = on.execute(
        select(_PERSON, _M.c.company_id, _M.c.role, _C.c.name.label("company"))
        .outerjoin(_M, _M.c.person_id == _PERSON.c.id)
        .outerjoin(_C, _C.c.id == _M.c.company_id)
        .where(_PERSON.c.email == email)
        .order_by(_M.c.id)
    ).first()
    if row is None:
        return None
    return User(
        person_id=row.id,
        name=row.name,
        email=row.email,
        company_id=row.company_id,
        company_name=row.company,
        role=row.role,
        staff_role=row.staff_role,
        rights=rights_of(row.role, row.staff_role),
    )


def _company(user: User, on: Connection) -> None:
    (region, city), (offers, offered), (seeks, sought) = COMPANIES[str(user.company_name)]
    said = CompanySaid(
        is_shown=True,
        region=region,
        city=city,
        offers=offers,
        seeks=seeks,
        offers_words=offered,
        seeks_words=sought,
    )
    cards.save_company(said, user, version=0, on=on)


def _talk(one: User, other: User, told: Any, now: datetime, on: Connection) -> None:
    for person in (one, other):
        people.enter(person, on=on)
    for hours, is_first, text in told:
        by, to = (one, other) if is_first else (other, one)
        sent = talking.send(to.person_id, text, by, trust=3, form_name=None, on=on)
        talk_id = on.execute(select(_TALK.c.id).where(_TALK.c.ref == sent.ref)).scalar_one()
        at = min(now - timedelta(hours=hours), clock.now())
        this = (_MESSAGE.c.talk_id == talk_id, _MESSAGE.c.no == sent.no)
        on.execute(update(_MESSAGE).where(*this).values(created_at=at))
        if sent.no > 1:
            talking.mark(talk_id, sent.no - 1, by, on=on)
    begun = now - timedelta(hours=told[0][0])
    on.execute(update(_TALK).where(_TALK.c.id == talk_id).values(created_at=begun))
