"""Forms of accounts. What they cannot know (taken addresses, last owners) services refuse."""

from collections.abc import Iterable
from typing import Any, Self
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from werkzeug.wrappers import Response
from wtforms import (
    Form,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from portal.accounts.roles import (
    DOORS,
    MEMBER_ROLES,
    RIGHT_NAMES,
    ROLE_NAMES,
    STAFF_ROLES,
    may_grant,
)
from portal.core import passwords
from portal.core.errors import PortalError
from portal.core.i18n import LANGUAGES, lazy_pgettext
from portal.core.i18n import lazy as _l

Answer = str | Response | tuple[str, int]
MAX_NAME = 80  # characters


def filled(page: str, form: Form) -> Answer:
    """Return a page with its form: as 422 when something in it is to be changed."""
    return (page, 422) if form.errors or any(f.errors for f in form) else page


def show(error: PortalError, form: Form) -> None:
    """Show a refusal at the fields that it names, else above the form."""
    for each in error.errors:
        if each.field in form:
            form[each.field].errors = [*form[each.field].errors, str(each.message)]
    if not any(each.field in form for each in error.errors):
        form.form_errors.append(str(error))


def offers(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Return the choices of a field from (value, label)."""
    return [SelectChoice(value, label) for value, label in pairs]


class _InOurWords:
    """A field of choices that says in the reader's language that something is none of them."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not offered."""
        try:
            super().pre_validate(form)  # type: ignore[misc]
        except ValueError as refusal:
            raise ValidationError(_l("Choose one from the list.")) from refusal


class Choice(_InOurWords, SelectField):
    """One of a list."""


class Choices(_InOurWords, SelectMultipleField):
    """Some of a list."""


class Buttons(_InOurWords, RadioField):
    """One of a few that are all in sight."""


def _staff_roles() -> list[tuple[str, Any]]:
    return [(role, ROLE_NAMES[role]) for role in STAFF_ROLES]


def _zones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(available_timezones())]


def trimmed(value: str | None) -> str | None:
    """Return a text without surrounding space."""
    return value.strip() if value else value


def none_if_empty(value: str | None) -> str | None:
    """Return None for an empty text."""
    return value or None


def storable(_form: Form, field: Any) -> None:
    """Refuse characters that a database cannot keep, and those that turn the text around."""
    if any(not (c.isprintable() or c == " ") for c in field.data or ""):
        raise ValidationError(_l("This text has characters that cannot be used here."))


def needed(sentence: Any, most: int = 200) -> list[Any]:
    """Return validators of one line of text that must be there."""
    longest = Length(max=most, message=_l("This is longer than %(max)d characters."))
    return [DataRequired(sentence), longest, storable]


def optional(most: int = 200) -> list[Any]:
    """Return validators of one line of text that may be left out."""
    longest = Length(max=most, message=_l("This is longer than %(max)d characters."))
    return [Optional(), longest, storable]


def email_address(_form: Form, field: Any) -> None:
    """Refuse what cannot be an address; whether it can be reached is not asked here."""
    try:
        validate_email(field.data or "", check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise ValidationError(_l("This is not an e-mail address: name@example.com.")) from None


def new_password() -> list[Any]:
    """Return validators of a password to be set."""
    length = Length(
        passwords.MIN_LENGTH,
        passwords.MAX_LENGTH,
        _l("A password has at least %(min)d characters, and at most %(max)d."),
    )
    return [InputRequired(_l("Enter a password.")), length]


class SignInForm(Form):
    """The way in."""

    email = StringField(
        _l("E-mail"), [InputRequired(_l("Enter your e-mail address."))], filters=[trimmed]
    )
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password."))])


class NewPasswordForm(Form):
    """A password to be set."""

    password = PasswordField(
        _l("New password"),
        new_password(),
        description=_l("At least 10 characters. A sentence is easy to remember and hard to guess."),
    )


class PasswordChangeForm(NewPasswordForm):
    """A new password by somebody who knows the present one."""

    present = PasswordField(
        _l("Present password"), [InputRequired(_l("Enter your present password."))]
    )


class ProfileForm(Form):
    """How a person is called and spoken to."""

    name = StringField(
        lazy_pgettext("person", "Name"), needed(_l("Enter your name."), MAX_NAME), filters=[trimmed]
    )
    locale = SelectField(
        _l("Language"),
        choices=offers([("", _l("as the browser asks")), *LANGUAGES]),
        filters=[none_if_empty],
        validate_choice=False,
    )
    timezone = SelectField(
        _l("Time zone"),
        choices=offers([("", _l("as the centre")), *_zones()]),
        filters=[none_if_empty],
        validate_choice=False,
    )

    def validate_locale(self, field: SelectField) -> None:
        """Refuse languages that are not offered."""
        _offered(field)

    def validate_timezone(self, field: SelectField) -> None:
        """Refuse time zones that are not offered."""
        _offered(field)

    def values(self) -> dict[str, Any]:
        """Return what was chosen, by name."""
        return {str(f.short_name): f.data for f in self}


def _offered(field: SelectField) -> None:
    if (field.data or "") not in {choice.value for choice in field.choices}:
        raise ValidationError(_l("Choose one from the list."))


class ResetForm(Form):
    """Somebody has forgotten his password."""

    email = StringField(
        _l("E-mail"), [*needed(_l("Enter your e-mail address.")), email_address], filters=[trimmed]
    )


class JoinForm(NewPasswordForm):
    """A new person follows an invitation."""

    name = StringField(_l("Your name"), needed(_l("Enter your name."), MAX_NAME), filters=[trimmed])


class RoleForm(Form):
    """A member's role."""

    role = Buttons(_l("Role"), [InputRequired(_l("Choose a role."))])

    def offer(self, rights: frozenset[str]) -> Self:
        """Offer only the roles that somebody with ``rights`` may give."""
        given = (role for role in MEMBER_ROLES if may_grant(rights, role))
        self.role.choices = offers((role, ROLE_NAMES[role]) for role in given)
        return self


class InviteForm(RoleForm):
    """An invitation by mail."""

    email = StringField(
        _l("E-mail"), [*needed(_l("Enter an e-mail address.")), email_address], filters=[trimmed]
    )


class KeyForm(Form):
    """A key for programs."""

    label = StringField(
        _l("Label"),
        needed(_l("Say what the key is for."), MAX_NAME),
        filters=[trimmed],
        description=_l("Which program uses it, such as “order system”."),
    )
    scopes = Choices(
        _l("What it may do"),
        [InputRequired(_l("Choose at least one."))],
        option_widget=CheckboxInput(),
    )
    days = Choice(
        _l("Ends"),
        choices=offers(
            [
                ("90", _l("after 90 days")),
                ("30", _l("after 30 days")),
                ("365", _l("after a year")),
                ("0", _l("never")),
            ]
        ),
    )

    def offer(self, rights: frozenset[str]) -> Self:
        """Offer only rights that the maker has himself."""
        own = ((right, name) for right, name in RIGHT_NAMES.items() if right in rights - DOORS)
        self.scopes.choices = offers(own)
        return self


class StaffForm(Form):
    """One of the centre's own people."""

    email = StringField(
        _l("E-mail"), [*needed(_l("Enter an e-mail address.")), email_address], filters=[trimmed]
    )
    name = StringField(
        lazy_pgettext("person", "Name"), needed(_l("Enter a name."), MAX_NAME), filters=[trimmed]
    )
    role = Choice(_l("Role"), choices=offers(_staff_roles()))


class StaffRoleForm(Form):
    """Another role at the centre, or none."""

    role = SelectField(
        _l("Role"),
        choices=offers([*_staff_roles(), ("", _l("none: no longer works here"))]),
        filters=[none_if_empty],
        validate_choice=False,
    )

    def validate_role(self, field: SelectField) -> None:
        """Refuse roles that are not offered."""
        _offered(field)
