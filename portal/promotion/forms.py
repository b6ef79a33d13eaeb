"""Forms of the campaign editor, one for each step."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    Form,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from portal.accounts.forms import Buttons, Choices, needed, offers, storable, trimmed
from portal.core import clock
from portal.core.i18n import LANGUAGES, TAGS
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext as _p
from portal.promotion import facts
from portal.promotion.models import Campaign, Creative
from portal.promotion.rules.targeting import HOUR, WEEKDAY
from portal.promotion.rules.zones import COLOURS, ZONES

NOT_A_DATE = _l("Enter a date.")
NOT_A_NUMBER = _l("Enter a whole number within the limits.")
WEEKDAYS = (
    ("0", _p("weekday", "Mon")),
    ("1", _p("weekday", "Tue")),
    ("2", _p("weekday", "Wed")),
    ("3", _p("weekday", "Thu")),
    ("4", _p("weekday", "Fri")),
    ("5", _p("weekday", "Sat")),
    ("6", _p("weekday", "Sun")),
)


class _Date(DateField):
    """A day; anything else is said to be none, in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(NOT_A_DATE) from None


class _Number(IntegerField):
    """A whole number; anything else is said to be none, in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, if there is one."""
        if not valuelist:
            return
        text, self.data = "".join(valuelist).strip(), None
        if text and not re.fullmatch(r"[0-9]{1,10}", text):
            raise ValueError(NOT_A_NUMBER)
        if text:
            self.data = int(text)


def _number(label: Any, least: int, most: int, *, required: bool = True, **more: Any) -> _Number:
    first = InputRequired(NOT_A_NUMBER) if required else Optional()
    return _Number(label, [first, NumberRange(least, most, NOT_A_NUMBER)], **more)


def midnight(day: date) -> datetime:
    """Return the beginning of a day at the centre."""
    return datetime.combine(day, time(), clock.zone()).astimezone(UTC)


def day_of(instant: datetime) -> date:
    """Return the centre's day of an instant."""
    return instant.astimezone(clock.zone()).date()


class CampaignForm(Form):
    """Step 1: who advertises, and where clicks lead."""

    advertiser = StringField(
        _l("Advertiser"),
        needed(_l("Enter who pays for it."), 80),
        filters=[trimmed],
        description=_l("Stands beside the word “Ad” for everybody to read."),
    )
    title = StringField(
        _l("Name of the campaign"),
        needed(_l("Enter a name."), 120),
        filters=[trimmed],
        description=_l("Only the desk sees it."),
    )
    address = StringField(
        _l("Where a click leads"),
        needed(_l("Enter an address."), 500),
        filters=[trimmed],
        description=_l("https://… or a page of this site, such as /estimate."),
    )
    starts_on = _Date(_l("First day"), [InputRequired(NOT_A_DATE)])
    window_days = _number(_l("Days after a click in which an inquiry counts"), 1, 30, default=7)

    @classmethod
    def of(cls, campaign: Campaign) -> Self:
        """Return the form filled with what is there."""
        return cls(obj=campaign, starts_on=day_of(campaign.starts_at))

    def values(self) -> dict[str, Any]:
        """Return what was entered, by column."""
        kept = ("advertiser", "title", "address", "window_days")
        return {
            **{name: self[name].data for name in kept},
            "starts_at": midnight(self.starts_on.data),
        }


class DeliveryForm(Form):
    """Step 2: how much of it, and for how long."""

    ends_on = _Date(
        _l("Last day"), [Optional()], description=_l("Without one it runs until it is ended.")
    )
    booked = _number(
        _l("Valid views booked"),
        1,
        1_000_000_000,
        required=False,
        description=_l("They are spread evenly until the last day. Empty: as many as there are."),
    )
    cap = _number(
        _l("Most views for one person in a day"),
        1,
        1000,
        required=False,
        description=_l("Empty: no limit."),
    )
    priority = Buttons(
        _l("Priority"),
        [InputRequired(_l("Choose one."))],
        choices=offers(
            [("1", _l("before others")), ("2", _l("usual")), ("3", _l("only if nothing else fits"))]
        ),
    )
    weight = _number(
        _p("ads", "Weight"),
        1,
        100,
        description=_l("Its share among campaigns of the same priority: 1 to 100."),
    )

    @classmethod
    def of(cls, campaign: Campaign) -> Self:
        """Return the form filled with what is there."""
        last = campaign.ends_at and day_of(campaign.ends_at - timedelta(seconds=1))
        return cls(obj=campaign, ends_on=last, priority=str(campaign.priority))

    def values(self) -> dict[str, Any]:
        """Return what was entered, by column."""
        last = self.ends_on.data
        return {
            "ends_at": midnight(last + timedelta(days=1)) if last else None,
            "booked": self.booked.data,
            "cap": self.cap.data,
            "priority": int(self.priority.data),
            "weight": self.weight.data,
        }


def _boxes(label: Any, options: Iterable[tuple[str, Any]]) -> Choices:
    return Choices(label, choices=offers(options), option_widget=CheckboxInput())


_HOURS = [(str(hour), f"{hour:02}:00") for hour in range(25)]


class AudienceForm(Form):
    """Step 3: for whom. What is left empty asks for nothing."""

    audience = _boxes(_p("ads", "Who"), facts.AUDIENCES)
    language = _boxes(_l("Language of the page"), LANGUAGES)
    page = _boxes(_l("Part of the site"), facts.PAGES)
    weekday = _boxes(_l("Days of the week"), WEEKDAYS)
    hour_from = SelectField(
        _p("period", "From"), choices=offers(_HOURS[:24]), validate_choice=False
    )
    hour_to = SelectField(_p("period", "To"), choices=offers(_HOURS[1:]), validate_choice=False)
    company = TextAreaField(
        _l("Companies"),
        [Length(max=2000), Optional()],
        filters=[trimmed],
        description=_l("References such as C7K2M9T, with spaces between. Empty: all."),
    )

    @classmethod
    def of(cls, campaign: Campaign) -> Self:
        """Return the form filled with what is there."""
        asked = campaign.targeting
        first, last = span_of(asked.get(HOUR, ()))
        return cls(
            data={
                **{name: asked.get(name, []) for name in ("audience", "language", "page", WEEKDAY)},
                "company": " ".join(asked.get("company", ())),
                "hour_from": str(first),
                "hour_to": str(last),
            }
        )

    def refs(self) -> list[str]:
        """Return the references of companies that were entered."""
        return list(dict.fromkeys(re.findall(r"[0-9A-Z]+", (self.company.data or "").upper())))

    def values(self) -> dict[str, Any]:
        """Return what was chosen as targeting."""
        chosen: dict[str, list[str]] = {
            name: list(self[name].data or ()) for name in ("audience", "language", "page", WEEKDAY)
        }
        chosen["company"] = self.refs()
        chosen[HOUR] = hours_between(self.hour_from.data, self.hour_to.data)
        return {name: values for name, values in chosen.items() if values}


def hours_between(first: str | None, last: str | None) -> list[str]:
    """Return the hours from ``first`` to before ``last``, over midnight too; all of them: none."""
    known = dict(_HOURS)
    if first not in known or last not in known or first == last:
        return []
    begin, end = int(first), int(last)
    hours = range(begin, end if end > begin else end + 24)
    return [] if len(hours) >= 24 else [str(hour % 24) for hour in hours]


def span_of(hours: Iterable[str]) -> tuple[int, int]:
    """Return the first hour and that after the last of hours that follow one another."""
    kept = [int(hour) for hour in hours]
    return (kept[0], (kept[-1] + 1) if kept[-1] != 23 else 24) if kept else (0, 24)


def _words_field(name: str, tag: str) -> StringField:
    labels = {"alt": _l("What it shows"), "headline": _l("Headline"), "line": _l("Second line")}
    most = {"alt": 200, "headline": 60, "line": 120}
    return StringField(
        labels[name],
        [Optional(), Length(max=most[name], message=_l("This is too long.")), storable],
        filters=[trimmed],
        render_kw={"lang": tag, "data-ad-word": f"{name} {tag}"},
    )


class CreativeForm(Form):
    """A creative: where it is shown, its files, its words in each language."""

    name = StringField(
        _p("creative", "Name"),
        needed(_l("Enter a name."), 80),
        filters=[trimmed],
        description=_l("Tells it from others in reports."),
    )
    zones = Choices(
        _l("Zones"),
        [InputRequired(_l("Choose at least one."))],
        choices=offers((zone.name, zone.label) for zone in ZONES.values()),
        option_widget=CheckboxInput(),
    )
    weight = _number(
        _p("ads", "Share"),
        0,
        100,
        default=10,
        description=_l("Against the other creatives: 0 to 100."),
    )
    picture = FileField(_l("Picture"), description=_l("JPEG, PNG or WebP; it is made anew."))
    picture_hant = FileField(_l("Picture with traditional characters"))
    picture_en = FileField(_l("Picture with English words"))
    media = FileField(_l("File to be played"))
    colour = Buttons(_l("Colour"), [Optional()], choices=offers(COLOURS.items()), default="teal")
    is_off = BooleanField(_l("Switched off"))

    @classmethod
    def of(cls, creative: Creative) -> Self:
        """Return the form filled with what is there."""
        words = {
            field_name(key, tag): said
            for tag, of_tag in creative.words.items()
            for key, said in of_tag.items()
        }
        return cls(obj=creative, data=words)

    def words(self) -> Mapping[str, Mapping[str, str]]:
        """Return language → the words that were entered."""
        return {tag: {key: self[field_name(key, tag)].data or "" for key in WORDS} for tag in TAGS}


WORDS = ("alt", "headline", "line")


def field_name(key: str, tag: str) -> str:
    """Return the name of the field for a text in a language."""
    return f"{key}_{tag.replace('-', '_').lower()}"


for _tag in TAGS:
    for _key in WORDS:
        setattr(CreativeForm, field_name(_key, _tag), _words_field(_key, _tag))
