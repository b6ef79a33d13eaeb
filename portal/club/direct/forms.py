"""The form of a message."""

from wtforms import Form, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.club.direct import rules
from portal.core.i18n import lazy as _l
from portal.core.markdown import clean


def _text(value: object) -> object:
    return clean(value).strip() if isinstance(value, str) else value


class MessageForm(Form):
    """What one person writes to another."""

    text = TextAreaField(
        _l("Your message"),
        [
            DataRequired(_l("Write something first.")),
            Length(max=rules.TEXT_MAX, message=_l("At most %(max)d characters. Split it in two.")),
        ],
        filters=[_text],
    )
    form_name = HiddenField(validators=[Length(max=64)])
