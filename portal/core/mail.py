"""Mail: written in the transaction as a job, sent from there; never from a request."""

import mailbox
import smtplib
from contextlib import AbstractContextManager, nullcontext
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app, has_request_context, render_template

from portal.core import jobs
from portal.core.i18n import speaking

TIMEOUT_S = 30


def owe(
    to: str,
    template: str,
    *,
    locale: str | None,
    subject: str,
    one_click: str | None = None,
    **values: object,
) -> None:
    """Note in the current transaction that ``to`` must get a mail.

    ``template`` names a text under ``templates/``; it is rendered now, in ``locale``, so that
    what is sent says what was true when it was decided. ``subject`` is already in that language.
    A template that names an address ``stop`` says there that no more of these mails are wanted;
    who gives it besides as ``one_click`` answers a POST to it without a form (RFC 8058).
    """
    with _on_a_page(), speaking(locale):
        body = render_template(template, **values)
    payload = {"to": to, "subject": subject, "body": body}
    jobs.owe("mail", payload | ({"one_click": one_click} if one_click else {}))


def _on_a_page() -> AbstractContextManager[Any]:
    """Return a context in which templates are at home: workers have no request."""
    if has_request_context():
        return nullcontext()
    return current_app.test_request_context(base_url=current_app.config["PUBLIC_URL"])


def send(payload: dict[str, str]) -> None:
    """Send one mail by the way that MAIL_URL names; raises OSError when that fails."""
    message = _message(payload)
    address = urlsplit(current_app.config["MAIL_URL"])
    if address.scheme == "file":
        _file(message, Path(current_app.root_path).parent / address.path)
        return
    _smtp(message, current_app.config["MAIL_URL"])


def _message(payload: dict[str, str]) -> EmailMessage:
    message = EmailMessage()
    sender = current_app.config["CENTRE_EMAIL"]
    message["From"] = formataddr((current_app.config["CENTRE_NAME"], sender))
    message["To"] = payload["to"]
    message["Subject"] = " ".join(payload["subject"].split())
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.partition("@")[2] or "localhost")
    if "one_click" in payload:
        message["List-Unsubscribe"] = f"<{payload['one_click']}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(payload["body"])
    return message


def _file(message: EmailMessage, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    mailbox.Maildir(folder).add(message)


def _smtp(message: EmailMessage, url: str) -> None:
    address = urlsplit(url)
    kind = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    with kind(address.hostname or "localhost", address.port or 0, timeout=TIMEOUT_S) as server:
        if parse_qs(address.query).get("starttls"):
            server.starttls()
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)


jobs.handles("mail", send)
