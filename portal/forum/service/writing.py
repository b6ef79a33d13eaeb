"""Writing: a topic, a reply, an edit. The HTML of a post is made here, once."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.core import clock, events, markdown
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.markdown import Picture
from portal.forum import fulltext
from portal.forum.events import AnswerAccepted, PostEdited, PostWritten, TopicBegun
from portal.forum.models import (
    ForumMoved,
    ForumPost,
    ForumRevision,
    ForumSpace,
    ForumTag,
    ForumTopic,
)
from portal.forum.rules import posts as rules
from portal.forum.rules.spaces import EVERYBODY
from portal.forum.service import drafts, people, pictures, reading

_POST, _TOPIC, _SPACE, _OLD, _TAG, _MOVED = (
    model.__table__
    for model in (ForumPost, ForumTopic, ForumSpace, ForumRevision, ForumTag, ForumMoved)
)


@dataclass(frozen=True, kw_only=True)
class Written:
    """What somebody wrote, checked in shape. ``form_name`` is his form's: sent twice, once kept."""

    text: str
    form_name: str | None = None
    reply_to: int | None = None


def html_of(text: str, shown: tuple[Picture, ...] = ()) -> str:
    """Return the HTML of what somebody wrote, with the pictures that it may show.

    Strangers' links are marked as such.
    """
    return rules.broken(str(markdown.render(text, top=3, pictures=shown)))


def begin(
    space: Any, written: Written, by: User, *, title: str, tags: list[str], on: Connection
) -> Any:
    """Begin a topic; return its row. The caller has made sure that ``by`` may.

    The same form sent again gives the topic that it made. Raises Refused for a title of which
    nothing is left to read. Records TopicBegun.
    """
    written, post = _sent_before(written, by, on)
    if post is not None:
        return _topic(post.topic_id, on)
    at, title = clock.now(), rules.title_of(title)
    row = {
        "ref": new_ref("TP"),
        "space_id": space.id,
        "title": title,
        "author_id": by.person_id,
        "state": "open",
        "tags": tags,
        "locale": by.locale,
        "suggestion": "new" if space.kind == "suggestion" else None,
        "last_no": 1,
        "last_post_at": at,
        "last_person_id": by.person_id,
        "created_at": at,
    }
    topic = on.execute(insert(_TOPIC).values(**row).returning(_TOPIC)).one()
    if tags:
        on.execute(insert(_TAG), [{"tag": tag, "topic_id": topic.id} for tag in tags])
    post_id = _insert(topic.id, 1, written, by, at, on)
    fulltext.add(post_id, space.id, title, *tags, written.text, on=on)
    counted = {"topic_count": _SPACE.c.topic_count + 1, "post_count": _SPACE.c.post_count + 1}
    on.execute(update(_SPACE).where(_SPACE.c.id == space.id).values(**counted))
    _wrote(topic, 1, by, on)
    drafts.forget(f"begin:{space.slug}", by.person_id, on=on)
    events.record(
        TopicBegun(
            actor_id=by.person_id,
            company_id=by.company_id,
            ref=topic.ref,
            space=space.slug,
            open=EVERYBODY in space.readers,
        ),
        on=on,
    )
    return topic


def reply(topic: Any, written: Written, by: User, *, on: Connection) -> Any:
    """Reply to a topic; return the post's row. The caller has made sure that ``by`` may.

    The same form sent again gives the post that it made. Raises Refused where the topic was
    closed meanwhile. Records PostWritten.
    """
    written, post = _sent_before(written, by, on)
    if post is not None:
        return post
    at = clock.now()
    drafts.forget(f"reply:{topic.ref}", by.person_id, on=on)
    now = _grown(topic.id, by, at, on)
    if now is None:
        topic, written, now = _led_on(topic, written, by, at, on)
    post_id = _insert(topic.id, now.last_no, written, by, at, on)
    fulltext.add(post_id, topic.space_id, written.text, on=on)
    more = {"post_count": _SPACE.c.post_count + 1}
    on.execute(update(_SPACE).where(_SPACE.c.id == topic.space_id).values(**more))
    _wrote(topic, now.last_no, by, on)
    events.record(
        PostWritten(
            actor_id=by.person_id,
            company_id=by.company_id,
            ref=topic.ref,
            no=now.last_no,
            reply_to=written.reply_to,
            mentioned=people.ids_of(rules.mentioned(written.text), on=on),
        ),
        on=on,
    )
    return on.execute(select(_POST).where(_POST.c.id == post_id)).one()


def _grown(topic_id: int, by: User, at: datetime, on: Connection) -> Any:
    """Make room for a reply in a topic; return its last number, None where it takes none."""
    states = rules.READABLE if by.may("club.moderate") else ("open",)
    change = update(_TOPIC).where(_TOPIC.c.id == topic_id, _TOPIC.c.state.in_(states))
    grown = {
        "last_no": _TOPIC.c.last_no + 1,
        "reply_count": _TOPIC.c.reply_count + 1,
        "last_post_at": at,
        "last_person_id": by.person_id,
    }
    return on.execute(change.values(**grown).returning(_TOPIC.c.last_no)).first()


def _led_on(
    topic: Any, written: Written, by: User, at: datetime, on: Connection
) -> tuple[Any, Written, Any]:
    """Make room in the topic of the same space into which this one was merged meanwhile.

    Returns it, what was written (with the number there of the post that it answers) and the
    number. Raises Refused where there is none.
    """
    into = on.scalar(select(_TOPIC.c.merged_into_id).where(_TOPIC.c.id == topic.id))
    target = _topic(into, on) if into is not None else None
    now = None
    if target is not None and target.space_id == topic.space_id:
        now = _grown(target.id, by, at, on)
    if now is None:
        raise Refused(_l("This topic takes no replies any more. Your text is kept as a draft."))
    led = (_MOVED.c.topic_id == topic.id, _MOVED.c.no == written.reply_to)
    reply_to = on.scalar(select(_MOVED.c.to_no).where(*led))
    return target, replace(written, reply_to=reply_to), now


def _wrote(topic: Any, no: int, by: User, on: Connection) -> None:
    people.count(by.person_id, posts_written=1, on=on)
    reading.mark(topic.id, no, by.person_id, on=on)
    reading.follow(f"topic:{topic.id}", by.person_id, unless_known=True, on=on)


def _sent_before(written: Written, by: User, on: Connection) -> tuple[Written, Any]:
    """Return the post that the same form has made, if it has.

    A form that names itself as somebody else's has no name: it is taken as any other.
    """
    if written.form_name is None:
        return written, None
    found = on.execute(select(_POST).where(_POST.c.form_name == written.form_name)).first()
    if found is not None and found.author_id != by.person_id:
        return replace(written, form_name=None), None
    return written, found


def _topic(topic_id: int, on: Connection) -> Any:
    return on.execute(select(_TOPIC).where(_TOPIC.c.id == topic_id)).one()


def _insert(
    topic_id: int, no: int, written: Written, by: User, at: datetime, on: Connection
) -> int:
    text = rules.without_numbers(markdown.clean(written.text))
    row = {
        "ref": new_ref("PO"),
        "topic_id": topic_id,
        "no": no,
        "author_id": by.person_id,
        "company_name": by.company_name,
        "staff_role": by.staff_role,
        "state": "visible",
        "text": text,
        "html": html_of(text, pictures.shown_in(text, by.person_id, on=on)),
        "reply_to": written.reply_to,
        "form_name": written.form_name,
        "created_at": at,
    }
    post_id = int(on.scalar(insert(_POST).values(**row).returning(_POST.c.id)) or 0)
    if "picture:" in text:
        pictures.bind(post_id, text, by.person_id, on=on)
    return post_id


def edit(
    topic: Any, post: Any, text: str, by: User, *, base: int, reason: str | None, on: Connection
) -> int:
    """Let a post say something else; return its version.

    ``base`` is the version that the editor saw. Raises Refused where somebody edited it
    meanwhile. Records PostEdited.
    """
    at = clock.now()
    said = rules.without_numbers(markdown.clean(text))
    shown = pictures.shown_in(said, post.author_id, on=on)
    new = {"text": said, "html": html_of(said, shown), "version": base + 1}
    if rules.is_marked(post.created_at, at):
        new["edited_at"] = at
    change = update(_POST).where(_POST.c.id == post.id, _POST.c.version == base)
    if on.execute(change.values(**new).returning(_POST.c.id)).first() is None:
        raise Refused(_l("Somebody has edited this post meanwhile. Compare, and send yours again."))
    old = {"post_id": post.id, "version": base, "text": post.text, "at": at}
    on.execute(insert(_OLD).values(**old, editor_id=by.person_id, reason=reason))
    words = (topic.title, *topic.tags) if post.no == 1 else ()
    if post.state == "visible":  # what is hidden stays out of what is searched
        fulltext.change(post.id, topic.space_id, *words, said, on=on)
    pictures.bind(post.id, said, post.author_id, on=on)
    drafts.forget(f"edit:{post.ref}", by.person_id, on=on)
    events.record(
        PostEdited(
            actor_id=by.person_id,
            company_id=by.company_id,
            ref=topic.ref,
            no=post.no,
            version=base + 1,
        ),
        on=on,
    )
    return base + 1


def accept(topic: Any, no: int | None, by: User, *, on: Connection) -> None:
    """Take a post for the answer, or (None) none of them. Records AnswerAccepted.

    Raises Refused for what is no reply that is shown. Nothing is counted twice, however many
    do it at the same moment.
    """
    before = on.scalar(
        select(_TOPIC.c.accepted_no).where(_TOPIC.c.id == topic.id).with_for_update()
    )
    if no is not None and not (1 < no <= topic.last_no and _is_visible(topic.id, no, on)):
        raise Refused(_l("Choose one of the replies."))
    change = update(_TOPIC).where(_TOPIC.c.id == topic.id).values(accepted_no=no)
    on.execute(change)
    for was, number in ((before, -1), (no, 1)):
        if was is not None and was != (no if number < 0 else before):
            _credit(topic.id, was, number, on)
    events.record(
        AnswerAccepted(actor_id=by.person_id, company_id=by.company_id, ref=topic.ref, no=no),
        on=on,
    )


def _is_visible(topic_id: int, no: int, on: Connection) -> bool:
    mine = (_POST.c.topic_id == topic_id, _POST.c.no == no, _POST.c.state == "visible")
    return on.scalar(select(_POST.c.id).where(*mine)) is not None


def _credit(topic_id: int, no: int, number: int, on: Connection) -> None:
    where = (_POST.c.topic_id == topic_id, _POST.c.no == no)
    author = on.scalar(select(_POST.c.author_id).where(*where))
    if author is not None:
        people.count(author, answers_accepted=number, on=on)
