"""Forms of questions, certificates, and of what is written at the desk."""

from collections.abc import Mapping
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_wtf.file import FileField
from wtforms import BooleanField, Form, IntegerField, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from portal.accounts.forms import Buttons, Choice, Choices, offers
from portal.core.i18n import TAGS, lazy_pgettext
from portal.core.i18n import lazy as _l
from portal.core.spam import Trap
from portal.learning.rules import certificates
from portal.learning.rules import content as contents
from portal.learning.rules import questions as rules
from portal.learning.rules.quiz import MULTIPLE, SINGLE
from portal.learning.rules.topics import TOPICS

MAX_EMAIL, MAX_REASON = 200, 400  # characters


def line(value: Any) -> Any:
    """Return one line without control and direction characters."""
    if not isinstance(value, str):
        return value
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def lines(value: Any) -> Any:
    """Return a text without control characters, its lines kept, empty ones at most in pairs."""
    if not isinstance(value, str):
        return value
    found = [
        "".join(c for c in each if c.isprintable() or c == "\t").rstrip()
        for each in value.splitlines()
    ]
    kept = [each for n, each in enumerate(found) if each or n == 0 or found[n - 1]]
    return "\n".join(kept).strip()


def at_most(size: int) -> Length:
    """Return the check of how long a text may be."""
    return Length(max=size, message=_l("At most %(max)d characters."))


class AskForm(Trap, Form):
    """A question to the experts."""

    topic = Choice(
        _l("Topic"),
        [InputRequired(_l("Please choose a topic."))],
        choices=lambda: offers(TOPICS.items()),
        default="packing",
    )
    subject = StringField(
        _l("Your question in one line"),
        [
            DataRequired(_l("Please say in a few words what it is about.")),
            at_most(rules.MAX_SUBJECT),
        ],
        filters=[line],
    )
    text = TextAreaField(
        _l("What we must know to answer"),
        [
            DataRequired(_l("Please describe your goods and your question.")),
            at_most(rules.MAX_TEXT),
        ],
        filters=[lines],
        description=_l(
            "Goods, quantity, packing, UN number or temperature, the way and its means."
        ),
    )
    name = StringField(
        _l("Your name"),
        [DataRequired(_l("Please say your name.")), at_most(rules.MAX_NAME)],
        filters=[line],
    )
    email = StringField(
        _l("E-mail"),
        [
            DataRequired(_l("Please give an address that we can answer to.")),
            at_most(MAX_EMAIL),
        ],
        filters=[line],
        description=_l("The answer goes there. Nobody else ever sees it."),
    )
    may_publish = BooleanField(
        _l("The answer may stand in the learning pages"),
        description=_l("Without your name and your contacts, in words that we edit."),
    )

    def validate_email(self, field: Any) -> None:
        """Refuse what no mail can be sent to; small letters are kept."""
        try:
            checked = validate_email(field.data, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            raise ValidationError(_l("That is not an e-mail address we can write to.")) from None
        field.data = checked.normalized.lower()


class AnswerForm(Form):
    """An expert's answer, and what everybody may read of the question."""

    text = TextAreaField(
        lazy_pgettext("message", "Answer"),
        [DataRequired(_l("Write the answer first.")), at_most(rules.MAX_ANSWER)],
        filters=[lines],
        description=_l("Markdown is understood. It carries your name and role."),
    )
    public_subject = StringField(
        _l("The question in public"),
        [
            DataRequired(_l("Please say in a few words what it is about.")),
            at_most(rules.MAX_SUBJECT),
        ],
        filters=[line],
    )
    public_text = TextAreaField(
        _l("What everybody may read of it"),
        [DataRequired(_l("Please describe the question.")), at_most(rules.MAX_TEXT)],
        filters=[lines],
    )


class NameForm(Form):
    """Who a certificate is issued to."""

    name = StringField(
        _l("Name on the certificate"),
        [DataRequired(_l("Please say your name.")), at_most(certificates.LONGEST_NAME)],
        filters=[line],
    )
    agree = BooleanField(
        _l("Whoever has the number may see this name, the course, the date and the result"),
        [DataRequired(_l("A certificate that nobody can verify is of no use: please agree."))],
    )


class ReasonForm(Form):
    """Why a certificate is revoked."""

    reason = StringField(
        _l("Reason"),
        [
            DataRequired(_l("Say why it is revoked: everybody who verifies it reads this.")),
            at_most(certificates.LONGEST_REASON),
        ],
        filters=[line],
    )


SUFFIXES = {tag: tag.lower().replace("-", "_") for tag in TAGS}


def _line_in(label: Any, most: int) -> dict[str, Any]:
    return {"kind": StringField, "label": label, "most": most, "filter": line}


def _text_in(label: Any, most: int) -> dict[str, Any]:
    return {"kind": TextAreaField, "label": label, "most": most, "filter": lines}


HEAD_TEXTS = {
    "title": _line_in(_l("Title"), contents.LONGEST_TITLE),
    "summary": _text_in(_l("Summary"), contents.LONGEST_SUMMARY),
}
PART_TEXTS = {
    "title": _line_in(_l("Title"), contents.LONGEST_TITLE),
    "body": _text_in(_l("Text"), contents.LONGEST_BODY),
    "alt": _line_in(_l("What the picture shows"), contents.LONGEST_LINE),
}
QUESTION_TEXTS = {
    "ask": _text_in(lazy_pgettext("quiz", "Question"), contents.LONGEST_LINE),
    **{
        f"option{n}": _line_in(_l("Answer %(number)s", number=n), contents.LONGEST_LINE)
        for n in range(1, contents.MOST_OPTIONS + 1)
    },
    "why": _text_in(_l("Explanation, shown afterwards"), contents.LONGEST_SUMMARY),
}


class _Written(Form):
    """A form with some texts, each in every language; ``edition`` is what it was opened at."""

    TEXTS: Mapping[str, Any] = {}
    edition = IntegerField(default=0, validators=[NumberRange(0)], widget=HiddenInput())

    def texts(self) -> dict[str, dict[str, str]]:
        """Return language → name → text, without those that are empty."""
        return {tag: self._of(tag) for tag in TAGS}

    def _of(self, tag: str) -> dict[str, str]:
        said = {name: self[f"{name}_{SUFFIXES[tag]}"].data or "" for name in self.TEXTS}
        return {name: text for name, text in said.items() if text}

    def field_of(self, name: str, tag: str) -> Any:
        """Return the field of a text in a language."""
        return self[f"{name}_{SUFFIXES[tag]}"]


def given(texts: Mapping[str, Mapping[str, str]], names: Any) -> dict[str, str]:
    """Return the texts of a version as the values of a form's fields."""
    return {
        f"{name}_{SUFFIXES[tag]}": texts.get(tag, {}).get(name, "")
        for name in names
        for tag in TAGS
    }


def _written(texts: Mapping[str, Any], **fields: Any) -> Any:
    """Return a form with ``texts`` in every language and more ``fields``."""
    made = {
        f"{name}_{suffix}": each["kind"](
            each["label"], [Optional(), at_most(each["most"])], filters=[each["filter"]]
        )
        for name, each in texts.items()
        for suffix in SUFFIXES.values()
    }
    return type("WrittenForm", (_Written,), {"TEXTS": texts, **made, **fields})


def _head_fields() -> dict[str, Any]:
    return {
        "topic": Choice(
            _l("Topic"),
            [InputRequired(_l("Please choose a topic."))],
            choices=lambda: offers(TOPICS.items()),
        ),
        "position": IntegerField(
            _l("Place in the list"), [NumberRange(0, 9999, _l("Between 0 and %(max)s."))], default=0
        ),
        "pass_percent": IntegerField(
            _l("Right answers it takes to pass, percent"),
            [NumberRange(1, 100, _l("Between 1 and %(max)s."))],
            default=contents.PASS_PERCENT,
        ),
        "is_public": BooleanField(_l("Everybody may read the lessons"), default=True),
        "sources": TextAreaField(
            _l("Sources"),
            [Optional(), at_most(2000)],
            filters=[lines],
            description=_l("Standards and pages, one a line. They stand below the contents."),
        ),
    }


HeadForm = _written(HEAD_TEXTS, **_head_fields())
NewForm = _written(
    HEAD_TEXTS,
    slug=StringField(
        lazy_pgettext("page", "Address"),
        [DataRequired(_l("Use small letters a to z, figures and hyphens, such as holiday-hours."))],
        filters=[line],
    ),
    **_head_fields(),
)
PartForm = _written(
    PART_TEXTS,
    picture=FileField(_l("Picture"), description=_l("JPEG, PNG or WebP, at most 12 MB.")),
    no_picture=BooleanField(_l("Show no picture")),
)
QuestionForm = _written(
    QUESTION_TEXTS,
    kind=Buttons(
        _l("How many answers are right"),
        [InputRequired(_l("Choose whether one or several answers are right."))],
        choices=lambda: offers([(SINGLE, _l("Exactly one")), (MULTIPLE, _l("One or several"))]),
        default=SINGLE,
    ),
    right=Choices(
        _l("Which answers are right"),
        choices=lambda: offers([(str(n), str(n)) for n in range(1, contents.MOST_OPTIONS + 1)]),
    ),
)
