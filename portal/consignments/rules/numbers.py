"""Numbers that strangers read aloud: consignment numbers, with their check."""

import secrets
from collections.abc import Callable

PREFIX = "QS"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
_LETTERS = frozenset(ALPHABET)
RANDOM_LENGTH = 11
LENGTH = len(PREFIX) + RANDOM_LENGTH + 1
#: How people misread and mistype the letters that are not in the alphabet.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", " ": None, "-": None})


_BITS = 5  # of a letter of the alphabet
_SHIFTS = range(0, _BITS * RANDOM_LENGTH, _BITS)
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
#: Luhn's rule for every second letter: twice its value, the two digits of that added up.
_DOUBLED = {letter: sum(divmod(2 * value, 32)) for letter, value in _VALUE.items()}


def new_number(choice: Callable[[str], str] | None = None) -> str:
    """Return a random consignment number: never sequential, since strangers see it.

    ``choice`` picks a letter; the demo centre passes one that can be repeated.
    """
    body = "".join(choice(ALPHABET) for _ in range(RANDOM_LENGTH)) if choice else _random_body()
    return PREFIX + body + check_character(body)


def _random_body() -> str:
    bits = secrets.randbits(_BITS * RANDOM_LENGTH)
    return "".join([ALPHABET[bits >> shift & 31] for shift in _SHIFTS])


def check_character(body: str) -> str:
    """Return the check character of the random part: Luhn mod 32 over the alphabet.

    It finds every single wrong character and nearly every swap of two neighbours.
    """
    doubled = sum([_DOUBLED[letter] for letter in body[::-2]])
    return ALPHABET[-(doubled + sum([_VALUE[letter] for letter in body[-2::-2]])) % 32]


def normalise(text: str) -> str:
    """Return what somebody typed, read or scanned as a consignment number would be written."""
    plain = text.strip().upper()
    if not plain.startswith(PREFIX):
        return plain
    return PREFIX + plain[len(PREFIX) :].translate(_READ_AS)


def is_number(text: str) -> bool:
    """Return whether ``text`` is a well-formed consignment number with the right check."""
    body = text[len(PREFIX) : -1]
    return (
        len(text) == LENGTH
        and text.startswith(PREFIX)
        and _LETTERS.issuperset(text[len(PREFIX) :])
        and text[-1] == check_character(body)
    )
