"""The demo’s club, continued: polls, a picture, drafts, a topic that went on elsewhere."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, select, update

from portal.accounts.access import User
from portal.core import files
from portal.demo import pictures as drawn
from portal.demo.club import members_of, staff_of
from portal.forum.models import ForumDraft, ForumPoll, ForumPost, ForumSpace, ForumTopic
from portal.forum.rules import pictures as picture_rules
from portal.forum.service import drafts, pictures, polls, threads, writing
from portal.forum.service.polls import Asked
from portal.forum.service.writing import Written

_TOPIC, _POST, _POLL, _DRAFT, _SPACE = (
    model.__table__ for model in (ForumTopic, ForumPost, ForumPoll, ForumDraft, ForumSpace)
)
_PARCELS = Asked(
    question="雨雪天改预计，你们多久告诉客户一次？",
    choices=["一有变化就告诉", "半天汇总一次", "只在超过承诺时告诉", "等客户来问"],
)
_PEAK = Asked(
    question="Which weeks should the centre open extra docks for the peak?",
    choices=["Week 50", "Week 51", "Week 52", "First week of January"],
    most=2,
    shown="end",
)
_ANSWERS = ((0, 0, 1, 2, 0, 1), ((1, 2), (2,), (2, 3), (3, 4)))


def load(now: datetime, seed: int, *, on: Connection) -> None:
    """Ask and answer the polls, show a picture, begin drafts, merge a question asked twice."""
    members = members_of(on)
    _ask("雨雪天跨江%", _PARCELS, [(each + 1,) for each in _ANSWERS[0]], members, now, on)
    _ask("Peak season%", _PEAK, list(_ANSWERS[1]), members, now, on)
    _show(members, seed, on)
    _begin_to_write(members[0], now, on)
    _ask_twice(members, staff_of(on), now, on)


def _topic(title: str, on: Connection) -> Any:
    return on.execute(select(_TOPIC).where(_TOPIC.c.title.like(title))).one()


def _author(topic: Any, members: list[User]) -> User:
    return next(each for each in members if each.person_id == topic.author_id)


def _ask(
    title: str,
    asked: Asked,
    votes: list[tuple[int, ...]],
    members: list[User],
    now: datetime,
    on: Connection,
) -> None:
    topic = _topic(title, on)
    polls.begin(topic, asked, _author(topic, members), on=on)
    poll = on.execute(select(_POLL).where(_POLL.c.topic_id == topic.id)).one()
    for member, chosen in zip(members[1:], votes, strict=False):
        polls.vote(topic, poll, chosen, member, on=on)
    asked_at = topic.created_at + timedelta(minutes=2)
    on.execute(update(_POLL).where(_POLL.c.id == poll.id).values(created_at=asked_at))


def _show(members: list[User], seed: int, on: Connection) -> None:
    """Put a photo into the first post about packing."""
    topic = _topic("冷链小件怎样选箱型%", on)
    author = _author(topic, members)
    stored = files.keep_picture(drawn.draw(Random(seed)))  # noqa: S311 - content to look at
    ref = pictures.add(stored, drawn.SIZE, author, on=on)
    post = on.execute(select(_POST).where(_POST.c.topic_id == topic.id, _POST.c.no == 1)).one()
    text = f"{post.text}\n\n{picture_rules.written(ref, '我们现在用的三种外箱，码在月台上')}"
    shown = pictures.shown_in(text, author.person_id, on=on)
    said = {"text": text, "html": writing.html_of(text, shown)}
    on.execute(update(_POST).where(_POST.c.id == post.id).values(**said))
    pictures.bind(post.id, text, author.person_id, on=on)


def _begin_to_write(member: User, now: datetime, on: Connection) -> None:
    topic = _topic("玻璃器皿%", on)
    reply = {"text": "我们按 1.2 米、六面各一次做，内托换成蜂窝纸之后"}
    begun = {
        "title": "退货入库怎么分等级？",
        "text": "想听听大家退货到仓之后分几级：\n\n- 可直接上架\n- ",
    }
    for about, said in ((f"reply:{topic.ref}", reply), ("begin:experience", begun)):
        drafts.save(about, said, member.person_id, on=on)
    mine = update(_DRAFT).where(_DRAFT.c.person_id == member.person_id)
    on.execute(mine.values(saved_at=now - timedelta(hours=3)))


def _ask_twice(members: list[User], staff: dict[str, User], now: datetime, on: Connection) -> None:
    """Tell how a question that was there already went on where it was answered."""
    into = _topic("电池随货发运%", on)
    space = on.execute(select(_SPACE).where(_SPACE.c.id == into.space_id)).one()
    text = Written(text="带电池的样品走国内快件，需要 UN38.3 吗？有没有模板？")
    author = members[2 % len(members)]
    topic = writing.begin(space, text, author, title="样品带电池要什么单证？", tags=["单证"], on=on)
    at = into.created_at + timedelta(days=1)
    on.execute(update(_POST).where(_POST.c.topic_id == topic.id).values(created_at=at))
    keeper = staff.get("moderator", next(iter(staff.values())))
    threads.merge(topic, into, keeper, reason="同一个问题，放在一起更好找", on=on)
