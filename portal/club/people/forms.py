"""Forms of cards."""

from wtforms import (
    BooleanField,
    Form,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from portal.club.people.rules import cards as rules
from portal.core.i18n import lazy as _l
from portal.core.markdown import clean


def _line(value: object) -> object:
    return " ".join(clean(value).split()) if isinstance(value, str) else value


def _text(value: object) -> object:
    return clean(value).strip() if isinstance(value, str) else value


def _most(size: int) -> Length:
    return Length(max=size, message=_l("At most %(max)d characters."))


def _chosen(most: int) -> Length:
    return Length(max=most, message=_l("Choose at most %(max)d."))


class _Versioned(Form):
    """What a form began from: 0 where there was nothing."""

    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())


class CardForm(_Versioned):
    """How somebody wants to be found."""

    is_shown = BooleanField(
        _l("Show me in the directory"),
        description=_l("Without it nobody finds you here. It counts at once."),
    )
    shows_name = BooleanField(
        _l("With my name"), description=_l("Without it your @name stands there alone.")
    )
    shows_company = BooleanField(
        _l("With my company"),
        description=_l("With what it offers and looks for, where it shows that."),
    )
    about = TextAreaField(
        _l("About you"),
        [Optional(), _most(rules.ABOUT_MAX)],
        filters=[_text],
        description=_l("What you do, what colleagues may ask you. At most 500 characters."),
    )
    languages = SelectMultipleField(
        _l("Languages you speak"),
        [Optional(), _chosen(rules.LANGUAGES_MOST)],
        choices=[SelectChoice(*each) for each in rules.LANGUAGES.items()],
    )


class CompanyForm(_Versioned):
    """What a company offers and looks for."""

    is_shown = BooleanField(
        _l("Show this on the profiles of our people"),
        description=_l("On those who show their company. It counts at once."),
    )
    region = SelectField(
        _l("Region"),
        [Optional()],
        choices=[
            SelectChoice("", _l("Not said")),
            *(SelectChoice(*each) for each in rules.REGIONS.items()),
        ],
    )
    city = StringField(_l("City"), [Optional(), _most(rules.CITY_MAX)], filters=[_line])
    offers = SelectMultipleField(
        _l("We offer"),
        [Optional(), _chosen(rules.SERVICES_MOST)],
        choices=[SelectChoice(*each) for each in rules.SERVICES.items()],
        description=_l("At most 8."),
    )
    offers_words = StringField(
        _l("In your own words"), [Optional(), _most(rules.WORDS_MAX)], filters=[_line]
    )
    seeks = SelectMultipleField(
        _l("We look for"),
        [Optional(), _chosen(rules.SERVICES_MOST)],
        choices=[SelectChoice(*each) for each in rules.SERVICES.items()],
        description=_l("At most 8."),
    )
    seeks_words = StringField(
        _l("In your own words"), [Optional(), _most(rules.WORDS_MAX)], filters=[_line]
    )
