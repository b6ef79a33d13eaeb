"""Notices by mail: at once, or once a day; each mail with a link that stops its kind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import ngettext
from sqlalchemy import Connection, func, select, update

from portal.core import clock, mail, tokens
from portal.core.db import db, transaction
from portal.core.i18n import gettext as _
from portal.core.i18n import speaking
from portal.core.links import abroad
from portal.notifications import people, rules, visible
from portal.notifications.models import Notice, NoticeReader
from portal.notifications.people import Listener
from portal.notifications.service import recounting
from portal.notifications.service.choosing import DAILY
from portal.notifications.shown import more_of, text_of
from portal.notifications.visible import Seen

_N, _R = (model.__table__ for model in (Notice, NoticeReader))
PURPOSE = "notice-stop"  # of the tokens in the links that stop mails
AT_ONCE = 50  # mails in one run
#: Where a mail of the day is so late, its owner's morning is over: it goes with the next one.
TOO_LATE = timedelta(hours=3)


def stop_path(person_id: int, kind: str) -> str:
    """Return where somebody stops mails of a kind without signing in."""
    return f"/notice-mail/{tokens.signed([person_id, kind], PURPOSE)}"


def stopper(token: str) -> tuple[int, str] | None:
    """Return whose mails of which kind a link stops; None for a link that is not ours."""
    value = tokens.read_signed(token, PURPOSE)
    if not isinstance(value, list) or len(value) != 2 or type(value[0]) is not int:
        return None
    return (value[0], value[1]) if value[1] in {*rules.KINDS, DAILY} else None


def run_due() -> int:
    """Owe the mails that are due; return how many times somebody was looked at."""
    now = clock.now()
    due = select(_N.c.person_id, _N.c.kind).where(_N.c.mail_at <= now, _N.c.read_at.is_(None))
    groups = dict.fromkeys(map(tuple, db.session.execute(due.limit(AT_ONCE * 4)).all()))
    daily = select(_R.c.person_id).where(_R.c.digest_at <= now).limit(AT_ONCE)
    readers = db.session.scalars(daily).all()
    db.session.commit()
    for person_id, kind in list(groups)[:AT_ONCE]:
        with transaction():
            _mail_kind(person_id, kind, db.session.connection())
        clock.breathe()
    for person_id in readers:
        with transaction():
            _mail_day(person_id, db.session.connection())
        clock.breathe()
    return len(groups) + len(readers)


def _mail_kind(person_id: int, kind: str, on: Connection) -> None:
    """Mail what is due of one kind; what is not due yet of it goes along."""
    now = clock.now()
    _lock(person_id, on)
    mine = (_N.c.person_id == person_id, _N.c.kind == kind)
    due = (*mine, _N.c.mail_at.is_not(None), _N.c.read_at.is_(None))
    last = on.scalar(select(func.max(_N.c.mailed_at)).where(*mine))
    if last is not None and last + rules.KIND_EVERY > now:
        later = (*due, _N.c.mail_at < last + rules.KIND_EVERY)
        on.execute(update(_N).where(*later).values(mail_at=last + rules.KIND_EVERY))
        return
    rows = on.execute(select(_N).where(*due, _N.c.mail_at <= now).order_by(_N.c.id)).all()
    if not rows:
        return
    shown = _still(person_id, rows, on)
    if shown:
        _owe(shown[0], shown[1], kind)
    _done([row.id for row in rows], [each.notice.id for each in shown[1]] if shown else [], on)


def _lock(person_id: int, on: Connection) -> None:
    """Let nobody else mail this person before we are done."""
    on.execute(select(_R.c.person_id).where(_R.c.person_id == person_id).with_for_update())


def _still(
    person_id: int, rows: Sequence[Any], on: Connection
) -> tuple[Listener, list[Seen]] | None:
    """Return who is told of what he may see now and has not read in its topic; None: nothing."""
    who = people.listener(person_id, on=on)
    read = set(recounting.read_in_topics(person_id, rows, on=on))
    shown = visible.seen(who, [row for row in rows if row.id not in read], on=on)
    return (who, shown) if shown else None


def _done(ids: list[int], mailed: list[int], on: Connection) -> None:
    on.execute(update(_N).where(_N.c.id.in_(ids)).values(mail_at=None))
    on.execute(update(_N).where(_N.c.id.in_(mailed)).values(mailed_at=clock.now()))


def _mail_day(person_id: int, on: Connection) -> None:
    """Mail what has gathered for the day, where there is anything; plan the next."""
    now = clock.now()
    _lock(person_id, on)
    who = people.listener(person_id, on=on)
    zone = ZoneInfo(who.timezone) if who.timezone else clock.zone()
    mine = (_R.c.person_id == person_id, _R.c.digest_at <= now)
    planned = update(_R).where(*mine).values(digest_at=rules.next_digest(now, zone))
    if on.execute(planned.returning(_R.c.person_id)).first() is None:
        return
    if now - _morning(now, zone) > TOO_LATE:
        return
    rows = _of_day(person_id, on)
    shown = _still(person_id, rows, on) if rows else None
    if shown:
        _owe(who, shown[1], DAILY)
        _done([], [each.notice.id for each in shown[1]], on)


def _morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when it was time for the mail of the day last."""
    return rules.next_digest(now - timedelta(days=1), zone)


def _of_day(person_id: int, on: Connection) -> Sequence[Any]:
    mine = (_N.c.person_id == person_id, _N.c.read_at.is_(None), _N.c.digests)
    new = _N.c.mailed_at.is_(None) | (_N.c.mailed_at < _N.c.at)
    return on.execute(select(_N).where(*mine, new).order_by(_N.c.at.desc()).limit(500)).all()


def _owe(who: Listener, shown: list[Seen], kind: str) -> None:
    """Owe one mail, in the language of who gets it."""
    stop = abroad(stop_path(who.id, kind))
    with speaking(who.locale):
        subject = _subject(shown, kind)
        lines = [(text_of(each), more_of(each), abroad(_link(each))) for each in shown]
        label = _("Mail of the day") if kind == DAILY else str(rules.KINDS[kind].label)
    mail.owe(
        who.email,
        "notifications/email/notices.txt",
        locale=who.locale,
        subject=subject,
        one_click=stop,
        stop=stop,
        person=who,
        lines=lines[: rules.IN_MAIL],
        more=len(lines) - rules.IN_MAIL,
        page=abroad("/portal/notifications"),
        settings=abroad("/portal/notifications/settings"),
        label=label,
    )


def _link(seen: Seen) -> str:
    return f"/portal/notifications/{seen.notice.id}"


def _subject(shown: list[Seen], kind: str) -> str:
    if kind == DAILY:
        return ngettext(
            "Your day in the club: %(num)d notice",
            "Your day in the club: %(num)d notices",
            len(shown),
        )
    if len(shown) == 1:
        return text_of(shown[0])
    return ngettext("%(num)d notice for you", "%(num)d notices for you", len(shown))
