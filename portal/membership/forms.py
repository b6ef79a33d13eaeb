"""Forms around the application whose fields are not questions."""

from wtforms import Form, StringField

from portal.accounts.forms import email_address, needed
from portal.core.i18n import lazy as _l
from portal.core.spam import Trap


class BeginForm(Trap, Form):
    """What strangers neither see nor fill, in the form that begins an application."""


class EmailForm(Trap, Form):
    """The address to which links or codes are mailed."""

    email = StringField(_l("E-mail"), [*needed(_l("Enter your e-mail address.")), email_address])
