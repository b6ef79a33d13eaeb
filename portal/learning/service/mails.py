"""The mails that askers get: in their language, with their secret link."""

from typing import Any

from portal.core import mail
from portal.core.i18n import gettext as _
from portal.core.i18n import speaking
from portal.learning.links import key_of


def received(question: Any) -> None:
    """Confirm a question; what it says is not repeated, so that nobody mails through us."""
    with speaking(question.locale):
        subject = _("We have your question %(ref)s", ref=question.ref)
    _owe(question, "received", subject)


def answered(question: Any, text: str, author: str, role: Any, *, is_public: bool) -> None:
    """Send an answer to who asked."""
    with speaking(question.locale):
        subject = _("Answer to your question %(ref)s", ref=question.ref)
    _owe(question, "answered", subject, text=text, author=author, role=role, is_public=is_public)


def _owe(question: Any, name: str, subject: str, **values: Any) -> None:
    mail.owe(
        question.email,
        f"learning/email/{name}.txt",
        locale=question.locale,
        subject=subject,
        question=question,
        key=key_of(question),
        **values,
    )
