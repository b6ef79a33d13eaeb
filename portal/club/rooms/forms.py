"""Forms of rooms and question hours."""

from flask import request
from wtforms import (
    DateTimeLocalField,
    Form,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.accounts.roles import ROLE_NAMES
from portal.club.rooms.rules import hours, rooms
from portal.core.i18n import lazy as _l
from portal.core.markdown import clean
from portal.forum.rules.spaces import EVERYBODY

NOTE_MAX = 500  # characters


def said(name: str) -> str | None:
    """Return a line that somebody typed into a form of one field; None where he did not."""
    return " ".join(clean(request.form.get(name, "")).split())[:NOTE_MAX] or None


def _line(value: object) -> object:
    return " ".join(clean(value).split()) if isinstance(value, str) else value


def _text(value: object) -> object:
    return clean(value).strip() if isinstance(value, str) else value


def _most(size: int) -> Length:
    return Length(max=size, message=_l("At most %(max)d characters. Split it in two."))


class MessageForm(Form):
    """What is said in a room."""

    text = TextAreaField(
        _l("Your message"),
        [DataRequired(_l("Write something first.")), _most(rooms.TEXT_MAX)],
        filters=[_text],
    )
    form_name = HiddenField(validators=[Length(max=64)])


class QuestionForm(Form):
    """A question for an hour."""

    text = TextAreaField(
        _l("Your question"),
        [DataRequired(_l("Write something first.")), _most(hours.QUESTION_MAX)],
        filters=[_text],
        description=_l("Ask before the hour or during it. Questions with many votes come first."),
    )
    form_name = HiddenField(validators=[Length(max=64)])


class AnswerForm(Form):
    """An answer of a host."""

    text = TextAreaField(
        _l("Your answer"),
        [DataRequired(_l("Write something first.")), _most(hours.ANSWER_MAX)],
        filters=[_text],
        description=_l("Markdown. It stands in the topic that is made of the hour."),
    )


_REQUIRED = DataRequired(_l("Please fill this in."))
_NAME = [_REQUIRED, Length(max=rooms.NAME_MAX, message=_l("At most %(max)d characters."))]
_ABOUT = [_REQUIRED, Length(max=rooms.ABOUT_MAX, message=_l("At most %(max)d characters."))]


def _roles() -> list[tuple[str, object]]:
    return [(EVERYBODY, _l("Everybody in the club")), *ROLE_NAMES.items()]


class RoomForm(Form):
    """A room, in the three languages."""

    slug = StringField(
        _l("Address"),
        [Optional(), Length(max=rooms.SLUG_MAX, message=_l("At most %(max)d characters."))],
        filters=[_line],
        description=_l("Small letters, digits and hyphens, such as cold-chain."),
    )
    name_hans = StringField(_l("Name"), _NAME, filters=[_line])
    about_hans = StringField(_l("What it is for"), _ABOUT, filters=[_line])
    name_hant = StringField(_l("Name"), _NAME, filters=[_line])
    about_hant = StringField(_l("What it is for"), _ABOUT, filters=[_line])
    name_en = StringField(_l("Name"), _NAME, filters=[_line])
    about_en = StringField(_l("What it is for"), _ABOUT, filters=[_line])
    readers = SelectMultipleField(
        _l("Who reads"),
        [DataRequired(_l("Choose who reads."))],
        choices=_roles,
        description=_l("Several can be chosen."),
    )
    writers = SelectMultipleField(
        _l("Who writes"),
        [DataRequired(_l("Choose who writes."))],
        choices=_roles,
        description=_l("Several can be chosen."),
    )
    kept_days = IntegerField(
        _l("Days that messages are kept"),
        [
            InputRequired(_l("Please fill this in.")),
            NumberRange(rooms.KEPT_LEAST, rooms.KEPT_MOST, _l("From %(min)d to %(max)d days.")),
        ],
        default=30,
    )


class HourForm(Form):
    """A question hour; times are those of whoever plans it."""

    title = StringField(
        _l("Theme"),
        [
            DataRequired(_l("Say what it is about.")),
            Length(
                min=hours.TITLE_MIN,
                max=hours.TITLE_MAX,
                message=_l("A theme has %(min)d to %(max)d characters."),
            ),
        ],
        filters=[_line],
    )
    about = TextAreaField(
        _l("What people can ask"), [Optional(), _most(hours.ABOUT_MAX)], filters=[_text]
    )
    starts = DateTimeLocalField(_l("Begins"), [InputRequired(_l("Choose a day and a time."))])
    minutes = IntegerField(
        _l("Minutes"),
        [InputRequired(_l("Please fill this in.")), NumberRange(15, 240)],
        default=60,
    )
    seats = IntegerField(
        _l("Seats"),
        [InputRequired(_l("Please fill this in.")), NumberRange(1, hours.SEATS_MOST)],
        default=50,
    )
    hosts = SelectMultipleField(
        _l("Who answers"),
        [DataRequired(_l("Choose who of the centre answers."))],
        coerce=int,
        description=_l("Several can be chosen."),
    )
    space = SelectField(_l("Kept afterwards in"), coerce=int)
    form_name = HiddenField(validators=[Length(max=64)])
