"""People who write to each other, and cards, with one call."""

from typing import Any

from sqlalchemy import select, update

from portal.accounts.access import User
from portal.club.direct.models import DirectMessage, DirectReport, DirectSide, DirectTalk
from portal.club.direct.service import talking
from portal.club.direct.service.talking import Sent
from portal.club.people.service import cards
from portal.club.people.service.cards import CompanySaid, Said
from portal.core.db import AnyRow, db, end_reading, write
from portal.forum.models import ForumProfile
from portal.forum.queries.spaces import profile_of
from tests.forum.making import make_member


def send(by: User, to: User, text: str = "您好，想问冷藏车。", **values: Any) -> Sent:
    """Write a message."""
    end_reading()
    given = {"trust": 1, "form_name": None} | values
    return write(lambda on: talking.send(to.person_id, text, by, **given, on=on))


def side_of(sent: Sent, user: User) -> AnyRow:
    """Return what is kept of a talk for one of the two."""
    end_reading()
    query = (
        select(*DirectSide.__table__.c, DirectTalk.__table__.c.last_no)
        .join(DirectTalk, DirectTalk.id == DirectSide.talk_id)
        .where(DirectTalk.ref == sent.ref, DirectSide.person_id == user.person_id)
    )
    return db.session.execute(query).one()


def message_of(sent: Sent) -> AnyRow:
    """Return a message as it is now."""
    end_reading()
    query = (
        select(*DirectMessage.__table__.c)
        .join(DirectTalk, DirectTalk.id == DirectMessage.talk_id)
        .where(DirectTalk.ref == sent.ref, DirectMessage.no == sent.no)
    )
    return db.session.execute(query).one()


def report_of(sent: Sent) -> str:
    """Return the reference of the report against a message."""
    table = DirectReport.__table__
    query = select(table.c.ref).where(table.c.message_id == message_of(sent).id)
    return str(db.session.scalar(query))


def handle_of(user: User) -> str:
    """Return somebody's handle."""
    end_reading()
    return str(profile_of(user).handle)


def trust(user: User, level: int) -> None:
    """Give somebody trust."""
    table = ForumProfile.__table__
    mine = update(table).where(table.c.person_id == user.person_id)
    end_reading()
    write(lambda on: on.execute(mine.values(trust=level)))


def show(user: User, version: int = 0, **values: Any) -> None:
    """Let somebody stand in the directory."""
    usual = {"is_shown": True, "shows_name": True, "shows_company": True}
    said = Said(**(usual | {"about": "跑冷链的。", "languages": ["zh"]} | values))
    end_reading()
    write(lambda on: cards.save(said, user, version=version, on=on))


def show_company(user: User, version: int = 0, **values: Any) -> None:
    """Let a company say what it offers."""
    usual = {"is_shown": True, "region": "east", "city": "杭州", "offers": ["cold"]}
    usual |= {"seeks": ["boxes"], "offers_words": "零下 18 度", "seeks_words": ""}
    said = CompanySaid(**(usual | values))
    end_reading()
    write(lambda on: cards.save_company(said, user, version=version, on=on))


def make_listed(name: str | None = None, **values: Any) -> User:
    """Make a member who stands in the directory."""
    user = make_member(**({"name": name} if name else {}))
    show(user, **values)
    return user
