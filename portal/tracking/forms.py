"""The form of a new share link."""

from contextlib import suppress

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from portal.core.i18n import lazy as _l
from portal.tracking.service import LONGEST_DAYS, SHORTEST_DAYS, USUAL_DAYS


class Days(IntegerField):
    """A number of days; what is none counts as not given, so that it is told once."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        with suppress(ValueError):
            super().process_formdata(valuelist)


class LinkForm(FlaskForm):
    """For whom the link is, what it shows, how long it lasts."""

    label = StringField(
        _l("For whom"),
        [Length(max=100, message=_l("Please use 100 characters or fewer."))],
        description=_l("Only you and your colleagues read this."),
    )
    precision = RadioField(
        _l("The link shows"),
        [InputRequired(_l("Choose what the link shows."))],
        choices=[
            SelectChoice("city", _l("Milestones and cities")),
            SelectChoice("full", _l("The whole way with places")),
        ],
        default="city",
    )
    days = Days(_l("Days it lasts"), default=USUAL_DAYS)

    def validate_days(self, field: Days) -> None:
        """Refuse what a link may not last."""
        if field.data is None or not SHORTEST_DAYS <= field.data <= LONGEST_DAYS:
            raise ValidationError(_l("A link lasts 1 to 90 days."))

    def validate_label(self, field: StringField) -> None:
        """Refuse what cannot be stored or shown."""
        field.data = (field.data or "").strip()
        if not field.data.isprintable():
            raise ValidationError(_l("This text has characters that cannot be stored."))
