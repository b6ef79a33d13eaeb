"""The desk's lists of messages as CSV or XLSX; who took one is noted."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response
from flask_login import current_user

from portal.accounts.access import User
from portal.core import events
from portal.core.db import transaction
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.enquiries import rules
from portal.enquiries.desk.queue import wanted
from portal.enquiries.queries import desk
from portal.exchange.events import ListExported
from portal.exchange.outgoing import attachment
from portal.exchange.rules.writers import Value

bp = Blueprint("message_exports", __name__)


@bp.get("/messages.<any(csv, xlsx):format>")
def messages(format: str) -> Response:
    """Send the messages that fit the queue's conditions."""
    user: User = current_user._get_current_object()
    rows = desk.everything_for(user, wanted(desk.known_companies()))
    with transaction():
        taken = ListExported(
            actor_id=user.person_id, company_id=None, what="messages", file_format=format
        )
        events.record(taken)
    return attachment(_headers(), _rows(rows), _("messages"), format)


def _headers() -> list[str]:
    return [
        _("Reference"),
        _("Received"),
        _("Topic"),
        _("State"),
        _("Private"),
        pgettext("person", "Name"),
        _("Company"),
        _("E-mail"),
        _("Telephone"),
        _("Subject"),
        _("Message"),
        _("Who has it"),
        _("Answer due"),
        _("First answered"),
        _("Spam score"),
    ]


def _rows(rows: Sequence[Any]) -> Iterator[Sequence[Value]]:
    for row in rows:
        yield [
            row.ref,
            row.created_at,
            str(rules.TOPICS.get(row.topic, row.topic)),
            str(rules.STATE_TEXT[rules.State(row.state)]),
            pgettext("fact", "yes") if row.is_private else pgettext("fact", "no"),
            row.name,
            row.company or row.company_name,
            row.email,
            row.phone,
            row.subject,
            row.text,
            row.assigned,
            row.due_at,
            row.answered_at,
            row.spam_score,
        ]
