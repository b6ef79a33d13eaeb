"""Forms of rewards."""

from wtforms import BooleanField, Form, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.accounts.forms import Choice, offers
from portal.club.points.rules import rewards as rules
from portal.club.points.service.rewards import Said
from portal.core.i18n import lazy as _l
from portal.core.markdown import clean

#: Language tag → the ending of the names of its fields.
TONGUES = {"zh-Hans": "hans", "zh-Hant": "hant", "en": "en"}


def _line(value: object) -> object:
    return " ".join(clean(value).split()) if isinstance(value, str) else value


def _number(least: int, most: int) -> NumberRange:
    message = _l("A whole number from %(min)s to %(max)s.")
    return NumberRange(least, most, message=message)


def _name(label: object) -> StringField:
    needed = DataRequired(_l("Name it in each of the three languages."))
    too_long = Length(max=rules.NAME_MAX, message=_l("At most %(max)d characters."))
    return StringField(label, [needed, too_long], filters=[_line])


def _about(label: object) -> TextAreaField:
    too_long = Length(max=rules.ABOUT_MAX, message=_l("At most %(max)d characters."))
    return TextAreaField(label, [Optional(), too_long], filters=[_line])


class RewardForm(Form):
    """A reward, with the version that an edit began from."""

    kind = Choice(_l("Kind"), choices=lambda: offers(rules.KINDS.items()))
    name_hans = _name(_l("Name in simplified Chinese"))
    name_hant = _name(_l("Name in traditional Chinese"))
    name_en = _name(_l("Name in English"))
    about_hans = _about(_l("What one gets, in simplified Chinese"))
    about_hant = _about(_l("What one gets, in traditional Chinese"))
    about_en = _about(_l("What one gets, in English"))
    cost = IntegerField(
        _l("Cost in points"),
        [InputRequired(_l("Say what it costs.")), _number(1, rules.MOST_COST)],
    )
    stock = IntegerField(
        _l("Pieces there are"),
        [Optional(), _number(0, rules.MOST_STOCK)],
        description=_l("Left empty: as many as are asked for."),
    )
    per_person = IntegerField(
        _l("Pieces one person may have"),
        [Optional(), _number(1, rules.MOST_STOCK)],
        description=_l("Left empty: no limit."),
    )
    needs_approval = BooleanField(_l("Somebody approves each order"))
    is_shown = BooleanField(_l("Members see it in the catalogue"))
    base = IntegerField(validators=[Optional()], widget=HiddenInput())
    #: The stock that the form showed: what was ordered meanwhile stays ordered.
    shown_stock = IntegerField(validators=[Optional()], widget=HiddenInput())

    def said(self, picture: str | None) -> Said:
        """Return what was typed."""
        return Said(
            kind=self.kind.data,
            names={tag: self[f"name_{end}"].data for tag, end in TONGUES.items()},
            abouts={tag: self[f"about_{end}"].data or "" for tag, end in TONGUES.items()},
            cost=self.cost.data or 0,
            stock=self.stock.data,
            per_person=self.per_person.data,
            needs_approval=self.needs_approval.data,
            is_shown=self.is_shown.data,
            picture=picture,
        )
