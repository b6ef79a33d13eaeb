"""Numbers of certificates: random, with a sign that checks the others. Pure.

``QC`` and eight signs, then one by ISO 7064 MOD 37,36: every single wrong sign and nearly every
swap of two is noticed before anything is looked up. Signs that people take for others are left
out (Crockford's alphabet), so that O is read as 0, and I and L as 1.
"""

import secrets
import unicodedata

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX, RANDOM = "QC", 8
LENGTH = len(PREFIX) + RANDOM + 1
LONGEST_NAME, LONGEST_REASON = 80, 400
_ALIKE = str.maketrans("OIL", "011")


def new_number() -> str:
    """Return a new number such as ``QC7K2M9T4FX``."""
    while True:
        body = PREFIX + "".join(secrets.choice(LETTERS) for _ in range(RANDOM))
        check = str(mod_37_36.calc_check_digit(body))
        if check in LETTERS:
            return body + check


def parsed(text: str) -> str | None:
    """Return the number that somebody typed, without spaces and hyphens; None: it is none."""
    plain = unicodedata.normalize("NFKC", text[:60]).upper()
    number = "".join(c for c in plain if c.isalnum()).translate(_ALIKE)
    if len(number) != LENGTH or not number.isascii() or not number.startswith(PREFIX):
        return None
    try:
        mod_37_36.validate(number)
    except ValidationError:
        return None
    return number


def spaced(number: str) -> str:
    """Return a number as people read it: ``QC 7K2M 9T4F X``."""
    return f"{number[:2]} {number[2:6]} {number[6:10]} {number[10:]}"
