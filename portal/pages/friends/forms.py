"""Forms of friendly links."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_wtf.file import FileField
from wtforms import BooleanField, Form, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.validators import ValidationError as Wrong

from portal.accounts.forms import Choice, offers
from portal.core import i18n
from portal.core.i18n import LANGUAGES
from portal.core.i18n import lazy as _l
from portal.core.spam import Trap
from portal.pages.friends import queries, rules
from portal.pages.rules.kinds import LANGUAGE_NAMES

LAST = 9999


def line(value: Any) -> Any:
    """Return one line without control and direction characters."""
    if not isinstance(value, str):
        return value
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def _groups() -> list[tuple[str, Any]]:
    return [(str(id_), name) for id_, name in queries.groups(i18n.tag())]


class _Link:
    """The link itself."""

    name = StringField(
        _l("Name of the site"),
        [
            DataRequired(_l("Please say how the site is called.")),
            Length(max=rules.LONGEST_NAME, message=_l("At most %(max)d characters.")),
        ],
        filters=[line],
    )
    url = StringField(
        _l("Address"),
        [
            DataRequired(_l("Please give the address of the site.")),
            Length(max=rules.LONGEST_URL, message=_l("At most %(max)d characters.")),
        ],
        filters=[line],
        description=_l("It begins with https:// or http://."),
    )
    says = TextAreaField(
        _l("What is found there"),
        [
            Optional(),
            Length(max=rules.LONGEST_SAYS, message=_l("At most %(max)d characters.")),
        ],
        filters=[line],
        description=_l("One sentence."),
    )
    group_id = Choice(
        _l("Group"),
        [InputRequired(_l("Please choose a group."))],
        choices=lambda: offers(_groups()),
    )

    def validate_url(self, field: Any) -> None:
        """Refuse what is no address of the web."""
        if not rules.is_web_address(field.data):
            raise Wrong(
                _l("This is not an address of the web. It looks like https://www.example.com/.")
            )


class ProposalForm(_Link, Trap, Form):
    """A link that a stranger proposes."""

    contact_name = StringField(
        _l("Your name"),
        [
            DataRequired(_l("Please say your name.")),
            Length(max=rules.LONGEST_NAME, message=_l("At most %(max)d characters.")),
        ],
        filters=[line],
    )
    contact_email = StringField(
        _l("Your e-mail"),
        [DataRequired(_l("Please give an address that we can answer to.")), Length(max=200)],
        filters=[line],
        description=_l("Only the people who look after the links see it."),
    )

    def validate_contact_email(self, field: Any) -> None:
        """Refuse what no mail can be sent to."""
        try:
            checked = validate_email(field.data, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            raise Wrong(_l("That is not an e-mail address we can write to.")) from None
        field.data = checked.normalized.lower()


class FriendForm(_Link, Form):
    """A link at the desk."""

    position = IntegerField(
        _l("Place in its group"),
        [
            InputRequired(_l("Please give a number.")),
            NumberRange(0, LAST, _l("Between 0 and %(max)s.")),
        ],
        default=0,
    )
    logo = FileField(
        _l("Logo"),
        description=_l("JPEG, PNG or WebP. Links with a logo stand on the first page as partners."),
    )
    no_logo = BooleanField(_l("Show no logo"))
    is_watched = BooleanField(
        _l("Look every day whether the site answers"),
        default=True,
        description=_l("After three failures in a row the link is hidden until it answers again."),
    )

    def values(self) -> dict[str, Any]:
        """Return what was entered, without the logo."""
        return {
            "name": self.name.data,
            "url": self.url.data,
            "says": self.says.data or None,
            "group_id": int(self.group_id.data),
            "position": self.position.data,
            "is_watched": self.is_watched.data,
        }


class ReasonForm(Form):
    """Why a link is hidden or declined."""

    reason = StringField(
        _l("Reason"),
        [
            DataRequired(_l("Please say why, for those who look after the links later.")),
            Length(max=rules.LONGEST_SAYS, message=_l("At most %(max)d characters.")),
        ],
        filters=[line],
    )


def _name_field(tag: str) -> StringField:
    checks = [Length(max=rules.LONGEST_NAME, message=_l("At most %(max)d characters."))]
    if tag == LANGUAGES[0][0]:
        checks.insert(0, DataRequired(_l("Please name the group.")))
    else:
        checks.insert(0, Optional())
    return StringField(LANGUAGE_NAMES[tag], checks, filters=[line])


class GroupForm(Form):
    """A group of links: its name in each language, and its place."""

    zh_hans = _name_field("zh-Hans")
    zh_hant = _name_field("zh-Hant")
    en = _name_field("en")
    position = IntegerField(
        _l("Place among the groups"),
        [
            InputRequired(_l("Please give a number.")),
            NumberRange(0, LAST, _l("Between 0 and %(max)s.")),
        ],
        default=0,
    )

    def names(self) -> dict[str, str]:
        """Return language tag → name, of those that were entered."""
        entered = {
            "zh-Hans": self.zh_hans.data,
            "zh-Hant": self.zh_hant.data,
            "en": self.en.data,
        }
        return {tag: name for tag, name in entered.items() if name}
