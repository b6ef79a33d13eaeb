"""Forms of the desk: questions and raffles, in three languages side by side."""

from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    DateTimeLocalField,
    Field,
    Form,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from portal.accounts.forms import Buttons, Choice, offers
from portal.club.daily.rules import quiz, raffles
from portal.club.daily.service import questions, tickets
from portal.club.daily.service.raffles import Said as RaffleSaid
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.core.markdown import clean

#: Language tag → the ending of the names of its fields.
ENDS = {"zh-Hans": "hans", "zh-Hant": "hant", "en": "en"}
_WORDS = ("ask", "why", "source")
_NEEDED = DataRequired(_l("Please fill this in."))


def _line(value: object) -> object:
    return " ".join(clean(value).split()) if isinstance(value, str) else value


def _most(size: int) -> Length:
    return Length(max=size, message=_l("At most %(max)d characters."))


def _number(least: int, most: int) -> NumberRange:
    return NumberRange(least, most, message=_l("A whole number from %(min)s to %(max)s."))


def _text(label: object, size: int) -> TextAreaField:
    return TextAreaField(label, [Optional(), _most(size)], filters=[_line])


def _option(label: object) -> StringField:
    return StringField(label, [Optional(), _most(quiz.OPTION_MAX)], filters=[_line])


class QuestionForm(Form):
    """A question; a language may be missing as long as it is a draft."""

    topic = Choice(lazy_pgettext("quiz", "Subject"), choices=lambda: offers(quiz.TOPICS.items()))
    right = Buttons(
        _l("Which answer is right"),
        [InputRequired(_l("Say which answer is right."))],
        choices=offers((str(place), letter) for place, letter in enumerate("ABCD")),
    )
    link = StringField(
        _l("Page to read on"),
        [Optional(), _most(quiz.LINK_MAX)],
        filters=[_line],
        description=_l("A page of this portal, such as /learn/courses/packing-for-the-road."),
    )
    source = StringField(
        _l("Source"),
        [_NEEDED, _most(quiz.SOURCE_MAX)],
        filters=[_line],
        description=_l("Where it stands: a rule, a standard, a page of the centre."),
    )
    base = IntegerField(validators=[Optional()], widget=HiddenInput())

    def validate_link(self, field: Field) -> None:
        """Only our own pages: nobody is sent elsewhere."""
        if field.data and (not field.data.startswith("/") or field.data[1:2] in ("/", "\\")):
            raise ValidationError(_l("Begin with a stroke: only pages of this portal."))

    def said(self) -> questions.Said:
        """Return what was typed."""
        return questions.Said(
            topic=self.topic.data,
            texts={tag: self._of(end) for tag, end in ENDS.items()},
            right=int(self.right.data),
            link=self.link.data or None,
            source=self.source.data,
        )

    def _of(self, end: str) -> dict[str, Any]:
        options = [self[f"option{place}_{end}"].data or "" for place in range(quiz.OPTIONS)]
        plain = {name: self[f"{name}_{end}"].data or "" for name in _WORDS}
        return {**plain, "options": options}


for _end in ENDS.values():
    setattr(QuestionForm, f"ask_{_end}", _text(lazy_pgettext("quiz", "Question"), quiz.ASK_MAX))
    for _place, _letter in enumerate("ABCD"):
        _named = _l("Answer %(letter)s", letter=_letter)
        setattr(QuestionForm, f"option{_place}_{_end}", _option(_named))
    setattr(QuestionForm, f"why_{_end}", _text(_l("Explanation"), quiz.WHY_MAX))
    _called = StringField(
        _l("Source in this language"),
        [Optional(), _most(quiz.SOURCE_MAX)],
        filters=[_line],
        description=_l("Only where it is called otherwise."),
    )
    setattr(QuestionForm, f"source_{_end}", _called)


def question_values(row: Any) -> dict[str, Any]:
    """Return the values of the fields for a question."""
    values: dict[str, Any] = {
        "topic": row.topic,
        "right": str(row.right),
        "link": row.link,
        "source": row.source,
        "base": row.version,
    }
    for tag, end in ENDS.items():
        text = row.texts.get(tag) or {}
        values |= {f"{name}_{end}": text.get(name, "") for name in _WORDS}
        for place, option in enumerate(text.get("options") or []):
            values[f"option{place}_{end}"] = option
    return values


def _title(label: object) -> StringField:
    return StringField(label, [_NEEDED, _most(raffles.TITLE_MAX)], filters=[_line])


def _prize(label: object) -> TextAreaField:
    return TextAreaField(label, [_NEEDED, _most(raffles.PRIZE_MAX)], filters=[_line])


class RaffleForm(Form):
    """A raffle, as long as it is a draft."""

    title_hans = _title(_l("Title in simplified Chinese"))
    title_hant = _title(_l("Title in traditional Chinese"))
    title_en = _title(_l("Title in English"))
    prize_hans = _prize(_l("Prize in simplified Chinese"))
    prize_hant = _prize(_l("Prize in traditional Chinese"))
    prize_en = _prize(_l("Prize in English"))
    opens = DateTimeLocalField(_l("Begins"), [InputRequired(_l("Choose a day and a time."))])
    closes = DateTimeLocalField(
        lazy_pgettext("raffle", "Ends"), [InputRequired(_l("Choose a day and a time."))]
    )
    cost = IntegerField(
        _l("Points for a ticket"),
        [InputRequired(_l("Say what it costs.")), _number(0, raffles.MOST_COST)],
        description=_l("0: free, one ticket for each week in which one has checked in."),
    )
    most = IntegerField(
        _l("Tickets one person may have"),
        [InputRequired(_l("Please fill this in.")), _number(1, raffles.MOST_TICKETS)],
    )
    places = IntegerField(
        _l("How many win"),
        [InputRequired(_l("Please fill this in.")), _number(1, raffles.MOST_PLACES)],
        description=_l("Nobody wins twice in one raffle."),
    )
    base = IntegerField(validators=[Optional()], widget=HiddenInput())

    def validate_closes(self, field: Field) -> None:
        """It ends after it begins."""
        if self.opens.data and field.data and field.data <= self.opens.data:
            raise ValidationError(_l("It must end after it begins."))

    def said(self, zone: ZoneInfo) -> RaffleSaid:
        """Return what was typed; times are those of ``zone``."""
        return RaffleSaid(
            titles={tag: self[f"title_{end}"].data for tag, end in ENDS.items()},
            prizes={tag: self[f"prize_{end}"].data for tag, end in ENDS.items()},
            opens_at=self.opens.data.replace(tzinfo=zone),
            closes_at=self.closes.data.replace(tzinfo=zone),
            cost=self.cost.data or 0,
            most=self.most.data or 1,
            places=self.places.data or 1,
        )


def raffle_values(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    """Return the values of the fields for a raffle."""
    values: dict[str, Any] = {
        "opens": row.opens_at.astimezone(zone).replace(tzinfo=None),
        "closes": row.closes_at.astimezone(zone).replace(tzinfo=None),
        "base": row.version,
    }
    values |= {name: getattr(row, name) for name in ("cost", "most", "places")}
    for tag, end in ENDS.items():
        values |= {f"title_{end}": row.titles.get(tag), f"prize_{end}": row.prizes.get(tag)}
    return values


def wish(count: int | None, cost: int | None, form_name: str) -> tickets.Wish | None:
    """Return what the form of tickets sent; None where it is not one of ours."""
    if not 16 <= len(form_name) <= 64 or not form_name.isalnum():
        return None
    return tickets.Wish(count or 0, -1 if cost is None else cost, form_name)
