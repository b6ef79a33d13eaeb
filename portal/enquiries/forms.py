"""Forms of messages, answers and call-backs."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from wtforms import (
    BooleanField,
    DateField,
    Form,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from portal.accounts.forms import Choice, offers
from portal.core import clock
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.core.spam import Trap
from portal.enquiries import rules

MAX_NOTE = 2000  # characters
Filter = Callable[[Any], Any]


def cleaned(value: Any) -> Any:
    """Return one line without control and direction characters."""
    if not isinstance(value, str):
        return value
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def cleaned_lines(value: Any) -> Any:
    """Return a text without control characters, its lines kept, empty ones at most in pairs."""
    if not isinstance(value, str):
        return value
    lines = [
        "".join(c for c in line if c.isprintable() or c == "\t").rstrip()
        for line in value.splitlines()
    ]
    kept = [line for i, line in enumerate(lines) if line or i == 0 or lines[i - 1]]
    return "\n".join(kept).strip()


def _required(words: Any) -> DataRequired:
    return DataRequired(words)


def _at_most(size: int) -> Length:
    return Length(max=size, message=_l("At most %(max)d characters."))


class WriterFields:
    """Who writes: a name, and an address or a number to answer to."""

    name = StringField(
        _l("Your name"),
        [_required(_l("Please say your name.")), _at_most(rules.MAX_NAME)],
        filters=[cleaned],
    )
    company_name = StringField(_l("Company"), [Optional(), _at_most(120)], filters=[cleaned])
    email = StringField(_l("E-mail"), [Optional(), _at_most(200)], filters=[cleaned])
    phone = StringField(_l("Telephone"), [Optional(), _at_most(40)], filters=[cleaned])

    def validate_email(self, field: Any) -> None:
        """Refuse what no mail can be sent to; small letters are kept."""
        address = rules.email(field.data)
        if address is None:
            raise ValidationError(_l("That is not an e-mail address we can write to."))
        field.data = address

    def validate_phone(self, field: Any) -> None:
        """Refuse what cannot be called; the number is kept with its country code."""
        number = rules.phone(field.data)
        if number is None:
            raise ValidationError(
                _l("That is not a telephone number. Write it like 138 0000 8000 or +49 40 123456.")
            )
        field.data = number


class TextFields:
    """What is written, and about what."""

    topic = Choice(
        _l("Topic"),
        [InputRequired(_l("Please choose a topic."))],
        choices=lambda: offers(rules.TOPICS.items()),
        default="general",
    )
    subject = StringField(
        _l("Subject"),
        [_required(_l("Please say in a few words what it is about.")), _at_most(rules.MAX_SUBJECT)],
        filters=[cleaned],
    )
    text = TextAreaField(
        _l("Message"),
        [_required(_l("Please write your message.")), _at_most(rules.MAX_TEXT)],
        filters=[cleaned_lines],
    )
    files = MultipleFileField(_l("Files"), [Optional()])

    def validate_files(self, field: Any) -> None:
        """Refuse more files than a message may have."""
        if len(sent(field.data)) > rules.MAX_FILES:
            raise ValidationError(_l("At most %(most)s files.", most=rules.MAX_FILES))


def sent(files: Any) -> list[Any]:
    """Return the files that were chosen; browsers send an empty one where there is none."""
    return [each for each in files or [] if getattr(each, "filename", "")]


class VisitorForm(Trap, WriterFields, TextFields, Form):
    """A message of somebody who is not signed in."""

    may_publish = BooleanField(
        _l("My question and the answer may be shown on the public board"),
        description=_l(
            "Without your e-mail address, telephone number and files, and with your name shortened."
        ),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Want an address or a number: else nobody could answer."""
        good = super().validate(extra_validators)
        if not self.email.data and not self.phone.data:
            self.email.errors = [
                *self.email.errors,
                str(_l("Please leave an e-mail address or a telephone number for our answer.")),
            ]
            return False
        return good


class MemberForm(Trap, TextFields, Form):
    """A message of a member: who writes is known, and it is never public."""

    phone = StringField(_l("Telephone"), [Optional(), _at_most(40)], filters=[cleaned])
    validate_phone = WriterFields.validate_phone


class AdditionForm(Trap, Form):
    """What the writer of a message adds to it."""

    text = TextAreaField(
        _l("Add to your message"),
        [_required(_l("Please write what you want to add.")), _at_most(rules.MAX_TEXT)],
        filters=[cleaned_lines],
    )
    files = MultipleFileField(_l("Files"), [Optional()])
    validate_files = TextFields.validate_files


class AnswerForm(Form):
    """An answer of the centre's people."""

    text = TextAreaField(
        _l("Your answer"),
        [_required(_l("Please write the answer.")), _at_most(rules.MAX_TEXT)],
        filters=[cleaned_lines],
    )


class NoteForm(Form):
    """A note that only the centre's people read."""

    note = TextAreaField(
        _l("What colleagues should know"),
        [_required(_l("Write the note first.")), _at_most(MAX_NOTE)],
        filters=[cleaned_lines],
    )


class PublishForm(Form):
    """What the board shows of a message."""

    public_name = StringField(
        _l("Name on the board"),
        [_required(_l("Say how the board names the writer.")), _at_most(rules.MAX_NAME)],
        filters=[cleaned],
    )
    public_subject = StringField(
        _l("Subject on the board"),
        [_required(_l("The board needs a subject.")), _at_most(rules.MAX_SUBJECT)],
        filters=[cleaned],
    )
    public_text = TextAreaField(
        _l("Text on the board"),
        [_required(_l("The board needs a text.")), _at_most(rules.MAX_TEXT)],
        filters=[cleaned_lines],
    )


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    return tuple(
        sorted(
            z
            for z in available_timezones()
            if "/" in z and not z.startswith(("Etc/", "posix/", "right/"))
        )
    )


class CallForm(Trap, WriterFields, Form):
    """When, and about what, somebody wants to be called."""

    about = TextAreaField(
        _l("What is it about?"),
        [_required(_l("Please say in a sentence what it is about.")), _at_most(500)],
        filters=[cleaned_lines],
    )
    day = DateField(
        _l("Day"),
        [InputRequired(_l("Please choose a day."))],
    )
    begin = TimeField(lazy_pgettext("time", "From"), [InputRequired(_l("Please choose a time."))])
    end = TimeField(lazy_pgettext("time", "until"), [InputRequired(_l("Please choose a time."))])
    timezone = SelectField(
        _l("Your time zone"),
        choices=lambda: [(z, z.replace("_", " ")) for z in _zones()],
        validate_choice=False,
    )

    def validate_timezone(self, field: Any) -> None:
        """Refuse what is no zone."""
        if field.data not in available_timezones():
            raise ValidationError(_l("Choose one from the list."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Want a number, and a window that is long enough and not too far away."""
        good = super().validate(extra_validators)
        if not self.phone.data:
            self.phone.errors = [
                *self.phone.errors,
                str(_l("Please leave the number that we are to call.")),
            ]
            return False
        return good and self._check_window()

    def _check_window(self) -> bool:
        begin, end = self.window()
        if end - begin < rules.CALL_WINDOW:
            self.end.errors = [str(_l("Please leave us at least half an hour."))]
        elif end <= clock.now():
            self.day.errors = [str(_l("That time has passed already."))]
        elif begin > clock.now() + rules.CALL_LAST:
            self.day.errors = [str(_l("Please choose a day within the next 30 days."))]
        return not (self.end.errors or self.day.errors)

    def window(self) -> tuple[datetime, datetime]:
        """Return from when to when, as instants: what was said is the caller's own clock."""
        zone = ZoneInfo(str(self.timezone.data))
        day = self.day.data or date.min
        begin, end = (
            datetime.combine(day, at.data or time(), zone) for at in (self.begin, self.end)
        )
        return begin, end


class AttemptForm(Form):
    """What came of a call."""

    note = TextAreaField(_l("Note"), [Optional(), _at_most(MAX_NOTE)], filters=[cleaned_lines])
    again_on = DateField(_l("Try again on"), [Optional()])
    again_time = TimeField(lazy_pgettext("time", "at"), [Optional()])

    def again_at(self) -> datetime | None:
        """Return when it is tried again, in the centre's zone; None: it was not said."""
        if self.again_on.data is None or self.again_time.data is None:
            return None
        return datetime.combine(self.again_on.data, self.again_time.data, clock.zone())


WORKS_LIKE: tuple[tuple[str, Any], ...] = (
    ("", _l("The centre is closed")),
    ("0", _l("It is worked like a Monday")),
    ("5", _l("It is worked like a Saturday")),
)


class ClosedDayForm(Form):
    """A day that differs from the week."""

    on = DateField(_l("Day"), [InputRequired(_l("Please choose a day."))])
    name = StringField(
        _l("Reason"),
        [_required(_l("Say why, such as the name of the holiday.")), _at_most(80)],
        filters=[cleaned],
    )
    works_like = Choice(
        _l("On this day"),
        choices=lambda: offers(WORKS_LIKE),
        default="",
    )

    def validate_on(self, field: Any) -> None:
        """Refuse days far away: a slip of the year would stop every clock."""
        if field.data is None:  # no day at all, which has been said
            return
        today = clock.now().astimezone(clock.zone()).date()
        if not today - timedelta(days=31) <= field.data <= today + timedelta(days=730):
            raise ValidationError(_l("Please choose a day within the next two years."))
