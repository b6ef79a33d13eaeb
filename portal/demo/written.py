"""What the demo centre has written: the starting content, and work under way at the desk."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.accounts.roles import rights_of
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.i18n import TAGS
from portal.pages.models import Page, PageVersion
from portal.pages.rules import content as contents
from portal.pages.rules.content import Content
from portal.pages.service import lifecycle, writing
from portal.pages.starter.loading import load
from portal.pages.starter.traditional import traditional

#: Language → title, summary, text of a news item that waits for its review, English missing yet.
COLD_STORE = {
    "zh-Hans": (
        "冷库二期封顶",
        "新增的冷冻库位明年春天投用，老客户可以提前预留。",
        "二期冷库主体今天封顶。制冷机组采用二氧化碳复叠系统，屋面光伏同步铺设。\n\n"
        "- 新增货架区与独立的预冷间\n- 月台加装门封，装卸时库温波动更小\n\n"
        "想预留库位的会员，请[留言](/messages/new)告诉我们品类与数量。",
    ),
}
#: A notice that is approved and waits for its day.
STOCKTAKING = {
    "zh-Hans": (
        "年终盘点：仓库停发半天",
        "盘点当天上午停止出库，下午恢复；揽收和派送不受影响。",
        "请把当天上午要发的货提前一天下单。盘点结果次日可在库存页面查看。",
    ),
    "en": (
        "Stocktaking: no goods out for half a day",
        "Nothing leaves the warehouse on the morning of the count; collection and delivery go on.",
        "Please order a day early what must leave that morning. The result is in your stock "
        "pages the day after.",
    ),
}


def write(now: datetime) -> None:
    """Publish the starting content as of ``now``, and leave work at the desk for each state."""
    with transaction():
        load(now, with_examples=True)
        writer, reviewer = _user("marketing"), _user("manager")
        if writer is None or reviewer is None:
            return
        _in_review(writer)
        _scheduled(writer, reviewer, max(now, clock.now()) + timedelta(days=3))
        _being_rewritten(writer)


def _user(role: str) -> User | None:
    person = db.session.scalars(select(Person).where(Person.staff_role == role)).first()
    if person is None:
        return None
    rights = rights_of(None, role)
    return User(
        person_id=person.id, name=person.name, email=person.email, staff_role=role, rights=rights
    )


def _content(said: dict[str, tuple[str, str, str]], **settings: object) -> Content:
    title, summary, text = said["zh-Hans"]
    said = said | {"zh-Hant": (traditional(title), traditional(summary), traditional(text))}
    empty: dict[str, dict[str, str]] = {tag: {} for tag in TAGS}
    texts = empty | {tag: {"title": one[0], "summary": one[1]} for tag, one in said.items()}
    bodies = {tag: {"body": one[2]} for tag, one in said.items()}
    block = {"id": "s1", "type": "text", "shared": {}, "texts": bodies, "items": []}
    return Content(texts, [block], contents.settings(**settings))


def _in_review(writer: User) -> None:
    page = writing.create("news", _content(COLD_STORE, slug="cold-store-two"), by=writer)
    lifecycle.submit(page, _newest(page), by=writer, dead=[])


def _scheduled(writer: User, reviewer: User, at: datetime) -> None:
    until = (at + timedelta(days=10)).isoformat()
    said = _content(
        STOCKTAKING, slug="stocktaking", places=["services", "member"], valid_until=until
    )
    page = writing.create("notice", said, by=writer)
    lifecycle.submit(page, _newest(page), by=writer, dead=[])
    lifecycle.schedule(page, _newest(page), at, by=reviewer)


def _being_rewritten(writer: User) -> None:
    """Leave a newer draft of a page that is public, so that versions and differences show."""
    query = select(Page).where(Page.kind == "page", Page.slug == "green")
    page = db.session.scalars(query).one()
    old = contents.of(_newest(page))
    summary = "少跑一趟空车、少用一层包装、多照顾一个人。做得到的写在这里，每年更新一次。"
    texts = old.texts | {"zh-Hans": old.texts["zh-Hans"] | {"summary": summary}}
    writing.write(
        page,
        replace(old, texts=texts),
        base=page.newest_number,
        writer_id=None,
        by=writer,
        note="摘要改为每年更新",
    )


def _newest(page: Page) -> PageVersion:
    query = select(PageVersion).where(
        PageVersion.page_id == page.id, PageVersion.number == page.newest_number
    )
    return db.session.scalars(query).one()
