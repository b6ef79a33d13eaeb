"""Pictures in posts: how many, for how long, and how a text names them."""

import re
from datetime import timedelta

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

MOST_IN_POST = 8
A_DAY = 40  # of one person
#: A picture that never stood in a post, a draft or a waiting text is removed after as long.
LOOSE_FOR = timedelta(days=7)
ALT_MAX = 200  # characters
PATH = "/club/pictures/"  # where they are shown
_NAMED = re.compile(r"picture:(PX[0-9A-Z]{4,16})")


def refs_of(text: str) -> list[str]:
    """Return the references of the pictures that a text names, each once, in order.

    Raises Refused for more than MOST_IN_POST.
    """
    found = list(dict.fromkeys(_NAMED.findall(text)))
    if len(found) > MOST_IN_POST:
        raise Refused(_l("A post shows at most 8 pictures. Put the others into a second one."))
    return found


def named(ref: str) -> str:
    """Return how a text names the picture ``ref``."""
    return f"picture:{ref}"


def written(ref: str, alt: str) -> str:
    """Return the Markdown that shows a picture; ``alt`` says what is on it."""
    words = " ".join(re.sub(r"[\[\]\\]", " ", alt).split())[:ALT_MAX]
    return f"![{words}]({named(ref)})"


def without(text: str) -> str:
    """Return ``text`` with the words of its pictures in their places."""
    return re.sub(r"!\[([^\]\n]{0,400})\]\(picture:PX[0-9A-Z]{4,16}[^)\n]{0,400}\)", r"\1", text)
