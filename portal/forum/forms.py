"""Forms of the forum."""

from wtforms import Form, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.core.i18n import lazy as _l
from portal.core.markdown import clean
from portal.forum.rules import posts as rules


def _line(value: object) -> object:
    return " ".join(clean(value).split()) if isinstance(value, str) else value


def _text(value: object) -> object:
    return clean(value).strip() if isinstance(value, str) else value


class PostForm(Form):
    """A reply, or an edit of a post."""

    text = TextAreaField(
        _l("Your text"),
        [
            DataRequired(_l("Write something first.")),
            Length(max=rules.TEXT_MAX, message=_l("At most %(max)d characters. Split it in two.")),
        ],
        filters=[_text],
        description=_l("Markdown. A pasted waybill number is shortened by itself."),
    )
    reply_to = IntegerField(validators=[Optional()])
    form_name = HiddenField(validators=[Length(max=64)])
    #: Whether a text that was refused stands among the drafts of its author.
    kept_draft = False


class EditForm(PostForm):
    """An edit, with the version that it began from."""

    base = IntegerField(validators=[InputRequired()])
    reason = StringField(_l("What you changed"), [Optional(), Length(max=120)], filters=[_line])


class TopicForm(PostForm):
    """A new topic."""

    title = StringField(
        _l("Title"),
        [
            DataRequired(_l("Give it a title that says what it is about.")),
            Length(
                min=rules.TITLE_MIN,
                max=rules.TITLE_MAX,
                message=_l("A title has %(min)d to %(max)d characters."),
            ),
        ],
        filters=[_line],
    )
    tags = StringField(
        _l("Tags"),
        [Optional(), Length(max=140)],
        filters=[_line],
        description=_l("At most 5, separated by commas, such as: cold chain, packing"),
    )
