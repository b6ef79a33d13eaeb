"""Forms of the spaces of the club."""

from typing import Any

from wtforms import (
    Field,
    Form,
    HiddenField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, Length

from portal.accounts.roles import ROLE_NAMES
from portal.core.i18n import lazy as _l
from portal.core.markdown import clean
from portal.forum.rules import spaces as rules
from portal.forum.rules import trust

#: Language tag → how fields in it end.
LANGUAGES = {"zh-Hans": "hans", "zh-Hant": "hant", "en": "en"}
ROLES = ("readers", "starters", "repliers")


def _line(value: object) -> object:
    return " ".join(clean(value).split()) if isinstance(value, str) else value


def _roles() -> list[SelectChoice]:
    everybody = SelectChoice(rules.EVERYBODY, _l("Everybody in the club"))
    return [everybody, *(SelectChoice(code, name) for code, name in ROLE_NAMES.items())]


def _name(label: Any) -> Field:
    needed = DataRequired(_l("Members read the club in three languages: say it in each."))
    return StringField(label, [needed, Length(max=rules.NAME_MAX)], filters=[_line])


def _about(label: Any) -> Field:
    needed = DataRequired(_l("Say in one sentence what the space is for."))
    return StringField(label, [needed, Length(max=rules.ABOUT_MAX)], filters=[_line])


def _who(label: Any) -> Field:
    needed = DataRequired(_l("Choose at least one role, or everybody."))
    return SelectMultipleField(label, [needed], choices=_roles)


class SpaceForm(Form):
    """A space: what it is called and for, who may do what in it."""

    name_hans = _name(_l("Name in Simplified Chinese"))
    name_hant = _name(_l("Name in Traditional Chinese"))
    name_en = _name(_l("Name in English"))
    about_hans = _about(_l("What it is for, in Simplified Chinese"))
    about_hant = _about(_l("What it is for, in Traditional Chinese"))
    about_en = _about(_l("What it is for, in English"))
    kind = SelectField(
        _l("Kind"),
        choices=[SelectChoice(*each) for each in rules.KINDS.items()],
        description=_l("Questions have an accepted answer, suggestions a status."),
    )
    readers = _who(_l("Who reads"))
    starters = _who(_l("Who begins topics"))
    repliers = _who(_l("Who replies"))
    least_trust = SelectField(
        _l("Trust that beginning a topic takes"),
        coerce=int,
        choices=[SelectChoice(number, level.name) for number, level in enumerate(trust.LEVELS)],
    )
    seen = HiddenField()


class NewSpaceForm(SpaceForm):
    """A space that is not there yet."""

    slug = StringField(
        _l("Name in addresses"),
        [DataRequired(_l("Give it a short name for its address."))],
        filters=[_line],
        description=_l(
            "Small letters, digits and hyphens, such as: cold-chain. It stays for ever."
        ),
    )
