"""First texts of new people: held until a moderator has looked at them."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.core import clock, events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.events import TextHeld
from portal.forum.models import ForumHeld, ForumSpace, ForumTopic
from portal.forum.rules import pictures
from portal.forum.service import drafts, writing
from portal.forum.service.acts import Deed, note
from portal.forum.service.writing import Written

_HELD, _SPACE, _TOPIC = (model.__table__ for model in (ForumHeld, ForumSpace, ForumTopic))


def hold(
    space: Any, topic: Any, written: Written, by: User, *, on: Connection, **begins: Any
) -> str:
    """Keep a text of somebody new until a moderator has looked at it; return its reference.

    ``topic`` None: it begins one, with ``title`` and ``tags``. The same form sent again is one
    text. Raises Refused for too many pictures. Records TextHeld.
    """
    same = select(_HELD.c.ref, _HELD.c.person_id).where(_HELD.c.form_name == written.form_name)
    found = on.execute(same).first() if written.form_name else None
    if found is not None and found.person_id == by.person_id:
        return str(found.ref)
    pictures.refs_of(written.text)
    row = {
        "ref": new_ref("HD"),
        "person_id": by.person_id,
        "as_who": {
            "company_id": by.company_id,
            "company_name": by.company_name,
            "staff_role": by.staff_role,
            "locale": by.locale,
        },
        "space_id": space.id if topic is None else topic.space_id,
        "topic_id": None if topic is None else topic.id,
        "title": begins.get("title"),
        "tags": begins.get("tags", []),
        "text": written.text,
        "reply_to": written.reply_to,
        "form_name": None if found is not None else written.form_name,
        "created_at": clock.now(),
    }
    on.execute(insert(_HELD).values(**row))
    about = f"begin:{space.slug}" if topic is None else f"reply:{topic.ref}"
    drafts.forget(about, by.person_id, on=on)
    held = TextHeld(actor_id=by.person_id, company_id=None, ref=str(row["ref"]))
    events.record(held, on=on)
    return str(row["ref"])


def let_through(held: Any, by: User, *, on: Connection) -> Any:
    """Show a text that was held, as of now; return its topic's row.

    Raises Refused where somebody has decided meanwhile. Records what ``writing`` does, ActTaken.
    """
    _decide_held(held, "approved", None, by, on)
    author = User(person_id=held.person_id, name="", email="", rights=frozenset(), **held.as_who)
    written = Written(text=held.text, reply_to=held.reply_to, form_name=held.form_name)
    if held.topic_id is None:
        space = on.execute(select(_SPACE).where(_SPACE.c.id == held.space_id)).one()
        topic = writing.begin(space, written, author, title=held.title, tags=held.tags, on=on)
    else:
        topic = on.execute(select(_TOPIC).where(_TOPIC.c.id == held.topic_id)).one()
        writing.reply(topic, written, author, on=on)
    deed = Deed(kind="approved", person_id=held.person_id, topic_id=topic.id)
    note(deed, by, on=on)
    return topic


def refuse(held: Any, reason: str, by: User, *, on: Connection) -> None:
    """Show a text never; its author reads why, and keeps the text. Records ActTaken."""
    _decide_held(held, "refused", reason, by, on)
    deed = Deed(
        kind="refused",
        person_id=held.person_id,
        topic_id=held.topic_id,
        reason=reason,
        details={"text": held.text, "title": held.title},
    )
    note(deed, by, on=on)


def _decide_held(held: Any, state: str, reason: str | None, by: User, on: Connection) -> None:
    change = update(_HELD).where(_HELD.c.id == held.id, _HELD.c.state == "open")
    decided = {"decided_by_id": by.person_id, "decided_at": clock.now()}
    done = change.values(state=state, reason=reason, **decided).returning(_HELD.c.id)
    if on.execute(done).first() is None:
        raise Refused(_l("Somebody has decided about this meanwhile."))
