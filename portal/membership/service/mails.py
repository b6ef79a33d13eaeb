"""Mails to applicants: owed in the transaction that makes them true, in their language."""

from typing import Any

from portal.core import mail
from portal.core.i18n import speaking
from portal.membership import keys
from portal.membership.models import Application


def tell_applicant(application: Application, template: str, subject: Any, **values: Any) -> None:
    """Owe the applicant a mail with the link to his application; nothing without an address."""
    if not application.email:
        return
    with speaking(application.locale):
        said = str(subject)
    mail.owe(
        application.email,
        f"membership/email/{template}.txt",
        locale=application.locale,
        subject=said,
        application=application,
        key=keys.key_of(application),
        **values,
    )
