"""Forms about companies: their details, and who sends unless an order says otherwise."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import phonenumbers
from babel import Locale
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as NotValid
from wtforms import Form, IntegerField, StringField
from wtforms.validators import NumberRange, ValidationError

from portal.accounts.forms import (
    MAX_NAME,
    Choice,
    Choices,
    email_address,
    needed,
    none_if_empty,
    offers,
    optional,
    trimmed,
)
from portal.accounts.models import Company
from portal.accounts.rules.companies import KINDS, PAYMENT_TERMS
from portal.core import i18n
from portal.core.i18n import lazy as _l

HOME = ("CN", "HK", "MO", "TW")  # offered first
#: CLDR territories that are no countries of ISO 3166-1.
NOT_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
)
#: Fields of the consignor: all of the first are needed once any is given.
PARTY = ("name", "phone", "address", "city")


@lru_cache(maxsize=8)
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    territories = Locale.parse(language.replace("-", "_")).territories
    names = {str(code): str(name) for code, name in territories.items()}
    codes = [c for c in names if len(c) == 2 and c.isalpha() and c not in NOT_COUNTRIES]
    codes.sort(key=lambda code: (HOME.index(code) if code in HOME else len(HOME), names[code]))
    return tuple((code, names[code]) for code in codes)


def countries() -> tuple[tuple[str, str], ...]:
    """Return (code, name) of every country in the reader's language, those nearby first."""
    return _countries(i18n.tag())


def country_name(code: str | None) -> str:
    """Return a country's name in the reader's language."""
    return dict(_countries(i18n.tag())).get(code or "", code or "")


def _text(label: Any, *validators: Any, **more: Any) -> StringField:
    return StringField(label, list(validators), filters=[trimmed, none_if_empty], **more)


class CountryField(Choice):
    """A country, named in the reader's language."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, choices=lambda: offers(_countries(i18n.tag())), **more)


class CompanyForm(Form):
    """A company's details."""

    name = _text(_l("Name of the company"), *needed(_l("Enter the company’s name."), MAX_NAME))
    name_en = _text(_l("Name in Latin letters"), *optional(MAX_NAME))
    credit_code = _text(
        _l("Unified social credit code"),
        *optional(24),
        description=_l("18 digits and capital letters, from the business licence."),
    )
    country = CountryField(_l("Country"), default="CN")
    city = _text(_l("City"), *optional(MAX_NAME))
    sender_name = _text(_l("Name of the sender"), *optional(MAX_NAME))
    sender_phone = _text(_l("Phone"), *optional(40))
    sender_address = _text(_l("Street and number"), *optional())
    sender_city = _text(_l("City of the sender"), *optional(MAX_NAME))
    sender_postcode = _text(_l("Postcode"), *optional(16))
    sender_country = CountryField(_l("Country of the sender"), default="CN")

    def validate_credit_code(self, field: StringField) -> None:
        """Refuse codes that are not one, and write good ones in their usual form."""
        field.data = credit_code(field.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that the sender is complete or left out."""
        good = super().validate(extra_validators)
        if any(self[f"sender_{part}"].data for part in PARTY):
            good = self._check_sender() and good
        return bool(good)

    def _check_sender(self) -> bool:
        good = True
        for part in PARTY:
            field = self[f"sender_{part}"]
            if not field.data:
                field.errors = [_l("Enter this too, or leave the sender out.")]
                good = False
        number = self.sender_phone.data and phone(self.sender_phone.data, self.sender_country.data)
        if self.sender_phone.data and number is None:
            self.sender_phone.errors = [
                _l("This is not a phone number in the form +8613800138000.")
            ]
            good = False
        self.sender_phone.data = number or self.sender_phone.data
        return good

    def values(self) -> dict[str, Any]:
        """Return the columns of the company."""
        sender = {part: self[f"sender_{part}"].data for part in (*PARTY, "postcode", "country")}
        columns = ("name", "name_en", "credit_code", "country", "city")
        consignor = {k: v for k, v in sender.items() if v} if sender["name"] else None
        return {column: self[column].data for column in columns} | {"consignor": consignor}

    @staticmethod
    def data_of(company: Company) -> dict[str, Any]:
        """Return what the form shows of a company."""
        columns = ("name", "name_en", "credit_code", "country", "city")
        sender = {f"sender_{part}": value for part, value in (company.consignor or {}).items()}
        return {column: getattr(company, column) for column in columns} | sender


class AgreedForm(CompanyForm):
    """A company's details as the desk has them, with what was agreed."""

    region = _text(_l("Province or state"), *optional(MAX_NAME))
    kinds = Choices(_l("What it is to us"), choices=lambda: offers(KINDS.items()))
    terms = Choice(
        _l("Terms of payment"),
        choices=lambda: offers([("", _l("not agreed yet")), *PAYMENT_TERMS.items()]),
    )
    tariff = Choice(_l("Tariff"))
    manager = Choice(_l("Account manager"))
    attempt_limit = IntegerField(
        _l("Delivery attempts"),
        [NumberRange(1, 9, _l("From 1 to 9."))],
        description=_l("How often goods go out before it must be decided anew."),
    )

    def values(self) -> dict[str, Any]:
        """Return the columns of the company."""
        manager = self.manager.data
        return super().values() | {
            "region": self.region.data,
            "kinds": [kind for kind in KINDS if kind in (self.kinds.data or ())],
            "payment_terms": self.terms.data or None,
            "tariff": self.tariff.data or None,
            "account_manager_id": int(manager) if manager else None,
            "attempt_limit": self.attempt_limit.data,
        }

    @staticmethod
    def data_of(company: Company) -> dict[str, Any]:
        """Return what the form shows of a company."""
        return CompanyForm.data_of(company) | {
            "region": company.region,
            "kinds": company.kinds,
            "terms": company.payment_terms or "",
            "tariff": company.tariff or "",
            "manager": str(company.account_manager_id or ""),
            "attempt_limit": company.attempt_limit,
        }


class NewCompanyForm(Form):
    """A company that becomes a member, with its first owner."""

    name = CompanyForm.name
    name_en = CompanyForm.name_en
    credit_code = CompanyForm.credit_code
    country = CompanyForm.country
    city = CompanyForm.city
    owner = _text(
        _l("E-mail of its owner"),
        *needed(_l("Enter the owner’s e-mail address.")),
        email_address,
        description=_l("An invitation is mailed there."),
    )

    def validate_credit_code(self, field: StringField) -> None:
        """Refuse codes that are not one, and write good ones in their usual form."""
        field.data = credit_code(field.data)

    def values(self) -> dict[str, Any]:
        """Return the columns of the company."""
        columns: Sequence[str] = ("name", "name_en", "credit_code", "country", "city")
        return {column: self[column].data for column in columns}


def credit_code(given: str | None) -> str | None:
    """Return a 统一社会信用代码 in its usual form.

    Raises ValidationError where the check character does not fit.
    Source: GB 32100-2015.
    """
    if not given:
        return None
    try:
        return str(uscc.validate(given))
    except NotValid:
        raise ValidationError(
            _l("This is not a unified social credit code: 18 characters, the last checks the rest.")
        ) from None


def phone(given: str, country: str | None) -> str | None:
    """Return a phone number in E.164, read as one of ``country``; None if it is not one."""
    try:
        number = phonenumbers.parse(given, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
