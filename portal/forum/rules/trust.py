"""Trust: earned by reading and writing, the same way for everybody; no tier buys it."""

import unicodedata
from typing import NamedTuple

from portal.core.i18n import lazy as _l


class Deeds(NamedTuple):
    """What somebody has done here: days on which he came, what he read, wrote, was useful with."""

    days: int
    topics_read: int
    posts_read: int
    posts_written: int
    useful_got: int


class Level(NamedTuple):
    """A level of trust, and what it takes: all of it."""

    name: object
    takes: Deeds


#: From nothing on. Published at /club/trust.
LEVELS = (
    Level(_l("New here"), Deeds(0, 0, 0, 0, 0)),
    Level(_l("At home"), Deeds(2, 5, 30, 0, 0)),
    Level(_l("Regular"), Deeds(15, 20, 100, 10, 3)),
    Level(_l("Leading voice"), Deeds(50, 100, 500, 60, 40)),
)
#: Digits, signs, Greek and Cyrillic letters that look like Latin ones. After lower case.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("1i|!\u0131\u0456\u04cf\u03b9", "l"),
        **dict.fromkeys("0\u043e\u03bf", "o"),
        **dict.fromkeys("5\u0455", "s"),
        **dict.fromkeys("3\u0435", "e"),
        **dict.fromkeys("\u0430\u0251", "a"),
        "\u0441": "c",
        "\u0501": "d",
        "\u0261": "g",
        "\u0458": "j",
        "\u0440": "p",
        "\u0445": "x",
        "\u0443": "y",
    }
)


def level_of(deeds: Deeds) -> int:
    """Return the highest level whose whole table row is reached."""
    reached = [
        number
        for number, level in enumerate(LEVELS)
        if all(has >= need for has, need in zip(deeds, level.takes, strict=True))
    ]
    return reached[-1]


def skeleton(name: str) -> str:
    """Return what a name looks like, so that two that look alike are one.

    Without marks, case, spaces and punctuation; letters of other scripts as the Latin ones that
    they resemble (after Unicode TS 39, for what people can type).
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).lower())
    letters = (sign for sign in plain if unicodedata.category(sign)[0] in "LN")
    return "".join(letters).translate(_ALIKE).replace("rn", "m").replace("vv", "w")
