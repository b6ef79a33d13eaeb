"""The mails that writers of messages get: in their language, with their secret link."""

from typing import Any

from portal.core import mail
from portal.core.i18n import gettext as _
from portal.core.i18n import speaking
from portal.enquiries.links import key_of


def received(message: Any) -> None:
    """Confirm a message; what it says is not repeated, so that nobody mails through us."""
    if message.email:
        with speaking(message.locale):
            subject = _("We have your message %(ref)s", ref=message.ref)
        _owe(message, "received", subject)


def answered(message: Any, text: str, author: str, role: Any, *, to: Any = None) -> None:
    """Send an answer to the writer of ``to`` (default: of the message itself)."""
    reader = to or message
    if reader.email:
        with speaking(reader.locale):
            subject = _("Answer to your message %(ref)s", ref=reader.ref)
        _owe(reader, "answered", subject, text=text, author=author, role=role)


def not_reached(call: Any) -> None:
    """Tell somebody that he could not be reached and how to go on."""
    if call.email:
        with speaking(call.locale):
            subject = _("We could not reach you by telephone")
        template = "enquiries/email/not_reached.txt"
        mail.owe(call.email, template, locale=call.locale, subject=subject, call=call)


def _owe(message: Any, name: str, subject: str, **values: Any) -> None:
    mail.owe(
        message.email,
        f"enquiries/email/{name}.txt",
        locale=message.locale,
        subject=subject,
        message=message,
        key=key_of(message),
        **values,
    )
