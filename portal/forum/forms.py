"""Forms of the forum."""

from wtforms import (
    DateField,
    Form,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.core.i18n import lazy as _l
from portal.core.markdown import clean
from portal.forum.rules import polls
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

    base = IntegerField(validators=[InputRequired(), NumberRange(0, 1_000_000_000)])
    reason = StringField(_l("What you changed"), [Optional(), Length(max=120)], filters=[_line])


class PollForm(Form):
    """A poll: its question, and its choices, one a line."""

    poll = StringField(
        _l("Question"),
        [
            DataRequired(_l("Ask something.")),
            Length(max=polls.QUESTION_MAX, message=_l("At most %(max)d characters.")),
        ],
        filters=[_line],
    )
    choices = TextAreaField(
        _l("Choices"),
        [DataRequired(_l("A poll has 2 to 12 choices, each on a line of its own."))],
        filters=[_text],
        description=_l("2 to 12, each on a line of its own."),
    )
    most = IntegerField(
        _l("How many one person may choose"),
        [Optional(), NumberRange(1, polls.CHOICES_MOST, _l("From 1 to 12."))],
        default=1,
    )
    shown = SelectField(
        _l("The counts are shown"),
        choices=[SelectChoice(*each) for each in polls.SHOWN.items()],
        default="voted",
    )
    ends = DateField(
        _l("Votes are taken until the end of"),
        [Optional()],
        description=_l("Without a day until you close it."),
    )


class TopicForm(PostForm):
    """A new topic, with a poll if one is wanted."""

    poll = StringField(
        _l("Question"),
        [Optional(), Length(max=polls.QUESTION_MAX, message=_l("At most %(max)d characters."))],
        filters=[_line],
    )
    choices = TextAreaField(
        _l("Choices"),
        [Optional()],
        filters=[_text],
        description=_l("2 to 12, each on a line of its own."),
    )
    most = PollForm.most
    shown = PollForm.shown
    ends = PollForm.ends

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
