"""Messages by program: to leave one, to read the board, and, for the centre's people, the queue."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_login import current_user
from pydantic import BaseModel, Field

from portal.accounts.access import User
from portal.accounts.roles import ROLE_NAMES
from portal.core import i18n, limits, pagination
from portal.core.api import Shape, as_json, parsed
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import gettext as _
from portal.core.idempotency import idempotent
from portal.core.links import abroad
from portal.core.pagination import Page
from portal.core.spam import weigh
from portal.enquiries import rules
from portal.enquiries.forms import cleaned, cleaned_lines
from portal.enquiries.links import key_of
from portal.enquiries.queries import board, desk, own
from portal.enquiries.queries.desk import Wanted
from portal.enquiries.service.receiving import Draft, Origin
from portal.enquiries.shown import sending

bp = Blueprint("messages_api", __name__)


class NewMessage(Shape):
    """A message to the centre; a member's name and address are known."""

    name: str = Field("", max_length=rules.MAX_NAME)
    company: str = Field("", max_length=120)
    email: str = Field("", max_length=200)
    phone: str = Field("", max_length=40)
    topic: str = "general"
    subject: str = Field(min_length=1, max_length=rules.MAX_SUBJECT)
    text: str = Field(min_length=1, max_length=rules.MAX_TEXT)
    #: Whether the question and its answer may be shown on the public board.
    public: bool = False


class MessageAnswer(BaseModel):
    """What is answered to a new message: ``link`` is secret, it opens the message."""

    ref: str
    topic: str
    subject: str
    created_at: str
    link: str


class MessageList(BaseModel):
    """Messages of the board; for the centre's people the queue, with who wrote and its clock."""

    items: list[dict[str, Any]]
    next: str | None


@bp.post("/messages")
@idempotent
def create() -> Response:
    """Leave a message; the answer comes by mail and under the link."""
    given = parsed(NewMessage)
    limits.spend("message", *([current_user.person_id] if _is_member() else []))
    draft, origin = _of_member(given) if _is_member() else _of_visitor(given)
    row = sending.receive(draft, origin, [])
    said = {
        "ref": row.ref,
        "topic": row.topic,
        "subject": row.subject,
        "created_at": row.created_at.isoformat(),
        "link": abroad(url_for("messages.follow", ref=row.ref, key=key_of(row))),
    }
    return as_json(said, 201, **{"Cache-Control": "no-store"})


def _is_member() -> bool:
    return current_user.company_id is not None and current_user.may("messages.own")


def _of_member(given: NewMessage) -> tuple[Draft, Origin]:
    user: User = current_user._get_current_object()
    draft = _draft(given, name=user.name, company=user.company_name, email=user.email)
    return draft, Origin(company_id=user.company_id, person_id=user.person_id)


def _of_visitor(given: NewMessage) -> tuple[Draft, Origin]:
    draft = _draft(
        given, name=cleaned(given.name), company=cleaned(given.company) or None, email=given.email
    )
    _refuse_nameless(draft)
    from_here, known = own.lately(here := sending.sender())
    heads = [draft.name, draft.company_name or "", draft.subject]
    verdict = weigh(draft.text, heads=heads, took=None, from_here=from_here, known=known)
    return draft, Origin(sender=here, verdict=verdict)


def _draft(given: NewMessage, *, name: str, company: str | None, email: str) -> Draft:
    wrong = []
    phone = rules.phone(given.phone) if given.phone else None
    if given.phone and phone is None:
        wrong.append(FieldError("phone", _("That is not a telephone number.")))
    if given.topic not in rules.TOPICS:
        wrong.append(FieldError("topic", _("Choose one from the list.")))
    if email and not (email := rules.email(email) or ""):
        wrong.append(FieldError("email", _("That is not an e-mail address we can write to.")))
    subject, text = cleaned(given.subject), cleaned_lines(given.text)
    wrong += [
        FieldError(field, _("Please write something here."))
        for field, said in (("subject", subject), ("text", text))
        if not said
    ]
    if wrong:
        raise Invalid(_("Please check what you sent."), wrong)
    return Draft(
        name=name,
        company_name=company,
        email=email or None,
        phone=phone,
        topic=given.topic,
        subject=subject,
        text=text,
        is_private=_is_member() or not given.public,
        locale=i18n.tag(),
    )


def _refuse_nameless(draft: Draft) -> None:
    wrong = []
    if not draft.name:
        wrong.append(FieldError("name", _("Please say your name.")))
    if not draft.email and not draft.phone:
        sentence = _("Please leave an e-mail address or a telephone number for our answer.")
        wrong.append(FieldError("email", sentence))
    if wrong:
        raise Invalid(_("Please check what you sent."), wrong)


@bp.get("/messages")
def index() -> Response:
    """List the board's messages with their answers; staff get the queue, members theirs."""
    user = current_user._get_current_object()
    if isinstance(user, User) and user.is_staff and _reads(user):
        return _listed(_queue(user), _for_staff)
    if _is_member() and request.args.get("own") == "1":
        page = own.messages_of(user, after=request.args.get("after"), limit=_limit())
        return _listed(page, _own)
    return _board()


def _reads(user: User) -> bool:
    return user.may("messages.see") or user.may("suppliers.see")


def _limit() -> int:
    return pagination.limit(request.args.get("limit"))


def _queue(user: User) -> Page[Any]:
    wanted = Wanted(
        tab=request.args.get("tab", "open"),
        topic=request.args.get("topic", ""),
        text=request.args.get("q", "")[:200],
    )
    return desk.queue_for(user, wanted, after=request.args.get("after"), limit=_limit())


def _board() -> Response:
    limits.spend("lookup")
    page = board.published(
        topic=request.args.get("topic", ""),
        text=request.args.get("q", "")[:200],
        after=request.args.get("after"),
        limit=_limit(),
    )
    answers = board.public_answers(page.items)
    return _listed(page, lambda row: _public(row, answers[row.id]))


def _listed(page: Page[Any], shape: Any) -> Response:
    return as_json({"items": [shape(row) for row in page.items], "next": page.next})


def _public(row: Any, answers: list[Any]) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "topic": row.topic,
        "name": row.name,
        "subject": row.subject,
        "text": row.text,
        "published_at": row.published_at.isoformat(),
        "answers": [
            {
                "text": answer.text,
                "author": answer.author_name,
                "role": str(ROLE_NAMES.get(answer.author_role, "")),
                "created_at": answer.created_at.isoformat(),
            }
            for answer in answers
        ],
    }


def _own(row: Any) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "topic": row.topic,
        "subject": row.subject,
        "text": row.text,
        "answered": row.answered_at is not None,
        "created_at": row.created_at.isoformat(),
    }


def _for_staff(row: Any) -> dict[str, Any]:
    return _own(row) | {
        "name": row.name,
        "company": row.company or row.company_name,
        "email": row.email,
        "phone": row.phone,
        "state": row.state,
        "private": row.is_private,
        "assigned": row.assigned,
        "due_at": row.due_at and row.due_at.isoformat(),
        "spam_score": row.spam_score,
        "spam_reasons": row.spam_reasons,
    }
