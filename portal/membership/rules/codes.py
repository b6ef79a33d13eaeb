"""Numbers that companies and people are known by, and a sentence for what is wrong with one."""

from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as NotValid

from portal.core.i18n import lazy as _l

LENGTH = 18  # of a unified social credit code; Source: GB 32100-2015
_LETTERS = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
MAX_EMAIL = 254


def credit_code(given: str) -> str:
    """Return a 统一社会信用代码 in its usual form: 18 characters, upper case, no spaces."""
    return uscc.compact(given).upper()


def credit_code_fault(given: str) -> Any:
    """Return a sentence that names what is wrong with a credit code; None: nothing."""
    code = credit_code(given)
    if len(code) != LENGTH:
        return _l("It should have 18 characters; there are %(count)s now.", count=len(code))
    foreign = next((sign for sign in code if sign not in _LETTERS), None)
    if foreign:
        return _l(
            "The sign “%(sign)s” never stands in such a code; the letters I, O, S, V and Z do not.",
            sign=foreign,
        )
    try:
        uscc.validate(code)
    except InvalidChecksum:
        return _l("The last character checks the others, and does not fit. Please compare again.")
    except NotValid:
        return _l("The first eight characters are digits; please compare again.")
    return None


def phone(given: str, country: str | None) -> str | None:
    """Return a phone number in E.164, read as one of ``country``; None if it is not one."""
    try:
        number = phonenumbers.parse(given, country or "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def email(given: str) -> str | None:
    """Return an e-mail address as we keep it, lower case; None if it cannot be one."""
    if len(given) > MAX_EMAIL:
        return None
    try:
        validate_email(given, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return given.lower()
