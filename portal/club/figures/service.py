"""Counting: each event of the forum only says which topic or person to look at anew."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.club.figures import rules
from portal.club.figures.models import ClubPeople, ClubPersonWeek, ClubTopicFact, ClubWeek
from portal.club.figures.rules import Fact
from portal.club.points.models import PointMark
from portal.core import clock, jobs
from portal.core.db import is_sqlite, write
from portal.forum import events as forum
from portal.forum.models import ForumPost, ForumProfile, ForumSpace, ForumTopic
from portal.forum.rules.posts import READABLE

_WEEK, _FACT, _PW, _PEOPLE, _MARK, _POST, _PROFILE, _SPACE, _TOPIC = (
    model.__table__
    for model in (
        ClubWeek,
        ClubTopicFact,
        ClubPersonWeek,
        ClubPeople,
        PointMark,
        ForumPost,
        ForumProfile,
        ForumSpace,
        ForumTopic,
    )
)
EVENTS = (
    forum.TopicBegun,
    forum.PostWritten,
    forum.PostShown,
    forum.AnswerAccepted,
    forum.TopicChanged,
    forum.ThreadMoved,
    forum.SpaceChanged,
)
OF_SPACE = "club_figures.space"  # the job that looks at the topics of a space anew
BATCH = 100  # topics in one transaction, with about
POSTS = 200  # posts: others wait for it on SQLite
HISTORY = "figures.topics"  # the mark up to which topics from before were counted
#: Topics that are another kind of topic, or shown to others, afterwards.
RECOUNTED = ("hidden", "shown", "moved", "converted", "unconverted")


def follow(row: Any, on: Connection) -> None:
    """Act on one event of the log."""
    said = row.payload
    if row.name == forum.SpaceChanged.name:
        jobs.owe(OF_SPACE, {"slug": said["slug"], "after": 0}, on=on)
        return
    refs = [said["ref"], *([said["into"]] if row.name == forum.ThreadMoved.name else [])]
    for topic in on.execute(select(_TOPIC).where(_TOPIC.c.ref.in_(refs))).all():
        _follow(row, topic, on)


def _follow(row: Any, topic: Any, on: Connection) -> None:
    no = 1 if row.name == forum.TopicBegun.name else row.payload.get("no")
    if row.name in (forum.TopicBegun.name, forum.PostWritten.name, forum.PostShown.name):
        mine = (_POST.c.topic_id == topic.id, _POST.c.no == no)
        post = on.execute(select(_POST).where(*mine)).first()
        if post is not None:
            week = rules.week_of(post.created_at)
            refold(topic, on=on, week=week)
            count_person(post.author_id, week, on=on)
    elif row.name == forum.AnswerAccepted.name:
        refold(topic, on=on, week=rules.week_of(topic.created_at))
    elif row.name == forum.ThreadMoved.name or row.payload["kind"] in RECOUNTED:
        whole(topic, on=on)


def whole(*topics: Any, on: Connection) -> None:
    """Count topics and those who wrote in them anew."""
    writers: dict[date, set[int]] = {}
    for topic in topics:
        refold(topic, on=on)
        wanted = select(_POST.c.author_id, _POST.c.created_at).where(_POST.c.topic_id == topic.id)
        for person, at in on.execute(wanted):
            writers.setdefault(rules.week_of(at), set()).add(person)
    for week, ids in sorted(writers.items()):
        _count_week(week, sorted(ids), on)


def refold(topic: Any, *, on: Connection, week: date | None = None) -> None:
    """Let a topic count for what it is now; ``week``: the only one whose posts have changed."""
    row = on.execute(select(_FACT).where(_FACT.c.topic_id == topic.id).with_for_update()).first()
    before = _fact(row) if row is not None else None
    after = _fold(topic, before, week, on)
    for (monday, space_id), more in sorted(rules.changes(before, after).items()):
        _add(_WEEK, {"week": monday, "space_id": space_id}, more, on)
    values = {**vars(after), "posts": dict(after.posts)}
    adding = _new(_FACT, on).values(topic_id=topic.id, **values)
    on.execute(adding.on_conflict_do_update(index_elements=["topic_id"], set_=values))


def _fact(row: Any) -> Fact:
    return Fact(*(getattr(row, name) for name in Fact.__dataclass_fields__))


def _fold(topic: Any, before: Fact | None, week: date | None, on: Connection) -> Fact:
    kind = on.scalar(select(_SPACE.c.kind).where(_SPACE.c.id == topic.space_id))
    is_shown, is_question = topic.state in READABLE, kind == "question"
    return Fact(
        space_id=topic.space_id,
        week=rules.week_of(topic.created_at),
        is_shown=is_shown,
        is_question=is_question,
        is_accepted=topic.accepted_no is not None,
        first_answer_s=_first_answer(topic, on) if is_question and is_shown else None,
        posts=_posts(topic, before, week, on) if is_shown else {},
    )


def _posts(topic: Any, before: Fact | None, week: date | None, on: Connection) -> Mapping[str, int]:
    mine = (_POST.c.topic_id == topic.id, _POST.c.state == "visible")
    if before is None or not before.is_shown or week is None:
        found: dict[str, int] = {}
        for at in on.scalars(select(_POST.c.created_at).where(*mine)):
            monday = rules.week_of(at).isoformat()
            found[monday] = found.get(monday, 0) + 1
        return found
    first, last = rules.bounds(week)
    within = (_POST.c.created_at >= first, _POST.c.created_at < last)
    number = on.scalar(select(func.count()).select_from(_POST).where(*mine, *within)) or 0
    rest = {each: count for each, count in before.posts.items() if each != week.isoformat()}
    return rest | ({week.isoformat(): number} if number else {})


def _first_answer(topic: Any, on: Connection) -> int | None:
    """Return after how many seconds somebody else replied; None: nobody has."""
    answers = (
        _POST.c.topic_id == topic.id,
        _POST.c.state == "visible",
        _POST.c.no > 1,
        _POST.c.author_id != topic.author_id,
    )
    first: datetime | None = on.scalar(select(func.min(_POST.c.created_at)).where(*answers))
    return None if first is None else max(0, int((first - topic.created_at).total_seconds()))


def count_person(person_id: int, week: date, *, on: Connection) -> None:
    """Count what somebody has written in a week anew, and whether he is one who writes."""
    _count_week(week, [person_id], on)


def _count_week(week: date, ids: Sequence[int], on: Connection) -> None:
    """Count what people have written in a week anew, all of them with the same statements."""
    mine = (_PW.c.week == week, _PW.c.person_id.in_(ids))
    rows = on.execute(select(_PW).where(*mine).order_by(_PW.c.person_id).with_for_update())
    had = {row.person_id: row.posts for row in rows}
    wrote = _written(week, ids, on)
    fresh = [
        {"week": week, "person_id": each, "posts": wrote.get(each, 0), "has_come": False}
        for each in ids
        if each not in had
    ]
    if fresh:
        on.execute(insert(_PW), fresh)
    for each in (one for one, posts in had.items() if posts != wrote.get(one, 0)):
        his = (_PW.c.week == week, _PW.c.person_id == each)
        on.execute(update(_PW).where(*his).values(posts=wrote.get(each, 0)))
    turned = sum((wrote.get(each, 0) > 0) - (had.get(each, 0) > 0) for each in ids)
    if turned:
        _add(_PEOPLE, {"week": week}, {"writers": turned}, on)


def _written(week: date, ids: Sequence[int], on: Connection) -> Mapping[int, int]:
    """Return person → how many of his posts of a week are shown."""
    first, last = rules.bounds(week)
    shown = (
        _POST.c.author_id.in_(ids),
        _POST.c.state == "visible",
        _POST.c.created_at >= first,
        _POST.c.created_at < last,
        _TOPIC.c.state.in_(READABLE),
    )
    joined = _POST.join(_TOPIC, _TOPIC.c.id == _POST.c.topic_id)
    counted = select(_POST.c.author_id, func.count()).select_from(joined).where(*shown)
    return {row[0]: row[1] for row in on.execute(counted.group_by(_POST.c.author_id))}


def count_comers() -> int:
    """Note who has come today or yesterday; return how many are new in their week.

    Whoever entered later in the week is noted on an earlier day of his: once is enough.
    """
    today = clock.now().astimezone(clock.zone()).date()

    def work(on: Connection) -> int:
        return sum(_count_day(today - timedelta(days=back), on) for back in (1, 0))

    return write(work)


def add_people(week: date, readers: int, *, on: Connection) -> None:
    """Add to the number of people who came in a week."""
    _add(_PEOPLE, {"week": week}, {"readers": readers}, on)


def _count_day(day: date, on: Connection) -> int:
    week = rules.monday(day)
    known = select(_PW.c.person_id).where(
        _PW.c.week == week, _PW.c.person_id == _PROFILE.c.person_id, _PW.c.has_come
    )
    came = select(_PROFILE.c.person_id).where(_PROFILE.c.last_seen_on == day, ~known.exists())
    ids = on.scalars(came.order_by(_PROFILE.c.person_id)).all()
    for person_id in ids:
        row = {"week": week, "person_id": person_id, "posts": 0, "has_come": True}
        adding = _new(_PW, on).values(**row)
        same = ["week", "person_id"]
        on.execute(adding.on_conflict_do_update(index_elements=same, set_={"has_come": True}))
    if ids:
        add_people(week, len(ids), on=on)
    return len(ids)


def fill_in() -> int:
    """Count the next topics that were there before anybody counted; return how many it looked at.

    Each topic is looked at once: those that came later are counted as they come.
    """

    def work(on: Connection) -> int:
        mark = select(_MARK.c.place).where(_MARK.c.name == HISTORY).with_for_update()
        place = on.scalar(mark) or 0
        behind = select(_TOPIC, _FACT.c.topic_id.label("known")).where(_TOPIC.c.id > place)
        found = behind.outerjoin(_FACT, _FACT.c.topic_id == _TOPIC.c.id).order_by(_TOPIC.c.id)
        topics = _few(on.execute(found.limit(BATCH)).all())
        if topics:
            whole(*(topic for topic in topics if topic.known is None), on=on)
            moved = {"place": topics[-1].id}
            adding = _new(_MARK, on).values(name=HISTORY, **moved)
            on.execute(adding.on_conflict_do_update(index_elements=["name"], set_=moved))
        return len(topics)

    return write(work)


def _few(topics: Sequence[Any]) -> Sequence[Any]:
    """Return the first of topics: as many as have POSTS posts, one at the least."""
    posts = 0
    for number, topic in enumerate(topics, 1):
        posts += topic.last_no
        if posts >= POSTS:
            return topics[:number]
    return topics


def count_space(payload: dict[str, Any]) -> None:
    """Count the next topics of a space anew (a job); it may hold questions now, or not."""

    def work(on: Connection) -> None:
        mine = select(_SPACE.c.id).where(_SPACE.c.slug == payload["slug"]).scalar_subquery()
        wanted = select(_TOPIC).where(_TOPIC.c.space_id == mine, _TOPIC.c.id > payload["after"])
        topics = _few(on.execute(wanted.order_by(_TOPIC.c.id).limit(BATCH)).all())
        whole(*topics, on=on)
        if topics:
            jobs.owe(OF_SPACE, {**payload, "after": topics[-1].id}, on=on)

    write(work)


def _add(table: Any, key: Mapping[str, Any], more: Mapping[str, int], on: Connection) -> None:
    """Add to counters of one row, made where it is not there."""
    numbers = {column.name: 0 for column in table.c if column.name not in key}
    adding = _new(table, on).values({**key, **numbers, **more})
    change = {name: table.c[name] + number for name, number in more.items()}
    on.execute(adding.on_conflict_do_update(index_elements=list(key), set_=change))


def _new(table: Any, on: Connection) -> Any:
    return (sqlite_insert if is_sqlite(on) else postgresql_insert)(table)
