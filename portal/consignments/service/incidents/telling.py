"""Telling the owner before he asks: one mail for what belongs together, each thing once.

The mail is a job in the transaction that notes that he was told: a process that dies in between
has done neither, and two workers do it once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import ngettext
from sqlalchemy import Select, select

from portal.accounts.models import OPEN, Company, Membership, Person
from portal.accounts.roles import MEMBER_ROLES
from portal.consignments.models import Consignment, Incident, IncidentMute
from portal.consignments.rules import expected
from portal.consignments.rules.incident_words import advice, kind_text
from portal.consignments.service.incidents import muting
from portal.consignments.service.incidents.book import Book
from portal.core import clock, mail, scope
from portal.core.db import AnyRow, db, transaction
from portal.core.i18n import gettext as _
from portal.core.i18n import local, speaking
from portal.core.links import abroad

AT_ONCE = 200  # news looked at in one go
MOST = 500  # incidents in one transaction; the rest follows in the next
SHOWN = 40  # lines of one part of a mail; more of them nobody reads
#: Who is told: those of the company who can do something about it.
RIGHT = "consignments.amend"
TEMPLATE = "consignments/email/incidents.txt"
_I = Incident.__table__
_C = Consignment.__table__
_M = IncidentMute.__table__
#: What of the consignment stands beside an incident in a mail.
_BESIDE = (
    _C.c.no,
    _C.c.order_ref,
    _C.c.consignee_name,
    _C.c.consignee_city,
    _C.c.delivery_planned,
    *(_C.c[f"delivery_estimated{end}"] for end in ("_from", "", "_to")),
    _C.c.delivery_actual,
)


def tell_due() -> int:
    """Owe the mails that are due; return of how many incidents somebody is told."""
    companies = dict.fromkeys(db.session.scalars(due_companies(clock.now())))
    db.session.commit()
    told = 0
    for company_id in companies:
        with transaction():
            told += _tell(company_id)
        clock.breathe()
    return told


def due_companies(now: datetime) -> Select[Any]:
    """Select the companies of what waits to be told, each as often as it has news."""
    query = select(_I.c.company_id).where(_I.c.tell.is_not(None), _I.c.tell_at <= now)
    return query.order_by(_I.c.tell_at).limit(AT_ONCE).execution_options(**scope.CENTRE)


def _tell(company_id: int) -> int:
    """Tell all that waits for a company, also what is not due yet: it comes with the same mail."""
    news = _waiting(company_id)
    if not news:
        return 0
    people = _listeners(company_id)
    book = Book()
    for incident in news:
        first = incident.told_at or (book.at if people else None)
        book.change(incident, "told", tell=None, tell_at=None, told_at=first)
    book.post(db.session.connection())
    for person in people:
        _owe(person, company_id, news)
    return len(news)


def _waiting(company_id: int) -> Sequence[AnyRow]:
    joined = _I.join(_C, _C.c.id == _I.c.consignment_id)
    query = (
        select(*_I.c, *_BESIDE)
        .select_from(joined)
        .where(_I.c.company_id == company_id, _I.c.tell.is_not(None))
        .order_by(_I.c.tell_at, _I.c.id)
        .limit(MOST)
        .with_for_update(of=_I, skip_locked=True)
    )
    return db.session.execute(query.execution_options(**scope.of(company_id))).all()


def _listeners(company_id: int) -> Sequence[AnyRow]:
    roles = [role for role, rights in MEMBER_ROLES.items() if RIGHT in rights]
    muted = select(_M.c.person_id).where(_M.c.company_id == company_id)
    query = (
        select(Person.id, Person.email, Person.name, Person.locale, Person.timezone)
        .join(Membership, Membership.person_id == Person.id)
        .join(Company, Company.id == Membership.company_id)
        .where(
            Company.id == company_id,
            Company.lifecycle.in_(OPEN),
            Membership.role.in_(roles),
            Person.id.not_in(muted),
        )
        .order_by(Person.id)
    )
    return db.session.execute(query.execution_options(**scope.of(company_id))).all()


def _owe(person: Any, company_id: int, news: Sequence[AnyRow]) -> None:
    """Owe one colleague one mail in his language."""
    parts = {kind: [each for each in news if each.tell == kind] for kind in _PARTS}
    with speaking(person.locale):
        subject = _subject(parts)
    mail.owe(
        person.email,
        TEMPLATE,
        locale=person.locale,
        subject=subject,
        person=person,
        parts={kind: rows[:SHOWN] for kind, rows in parts.items() if rows},
        more={kind: len(rows) - SHOWN for kind, rows in parts.items()},
        kind_text=kind_text,
        advice=advice,
        abroad=abroad,
        moment=_moment,
        expected=lambda each: expected.delivery(each, clock.now()),
        stop=abroad(f"/incident-mail/{muting.token(person.id, company_id)}"),
    )


def _moment(at: datetime) -> str:
    """Return an instant as mails tell it: with its day, since they are read on other days."""
    return f"{local(at):%Y-%m-%d %H:%M}"


_PARTS = ("opened", "changed", "resolved")


def _subject(parts: Mapping[str, Sequence[Any]]) -> str:
    """Return the subject: the incident itself where it is one, else how many."""
    news = [*parts["opened"], *parts["changed"]]
    rows = news or parts["resolved"]
    if len(rows) == 1:
        name = kind_text(rows[0].kind, rows[0].predicted)
        if news:
            return _("%(incident)s: consignment %(no)s", incident=name, no=rows[0].no)
        return _("Resolved: %(incident)s, consignment %(no)s", incident=name, no=rows[0].no)
    if news:
        return ngettext(
            "%(num)d incident needs attention", "%(num)d incidents need attention", len(rows)
        )
    return ngettext("%(num)d incident resolved", "%(num)d incidents resolved", len(rows))
