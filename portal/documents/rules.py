"""How many papers at once, how long they are kept, and what their files are called."""

from datetime import timedelta
from enum import StrEnum

from portal.core.errors import Invalid, Refused
from portal.core.i18n import lazy as _l


class Paper(StrEnum):
    """The papers of a consignment."""

    WAYBILL = "waybill"
    LABEL = "label"
    PACKING_LIST = "packing-list"
    DELIVERY_NOTE = "pod"


#: Those that are printed for many consignments at once.
IN_BATCHES = (Paper.LABEL, Paper.WAYBILL)
DIRECT = 200  # pieces drawn while the reader waits
MOST = 5000  # pieces in one file
KEPT_FOR = timedelta(days=7)
BUSY = ("queued", "running")


def paper_of(asked: str) -> Paper:
    """Return the paper that may be printed in batches; raises Invalid for any other word."""
    if asked not in IN_BATCHES:
        raise Invalid(_l("Choose labels or waybills."))
    return Paper(asked)


def check_count(pieces: int) -> None:
    """Refuse what is too much or nothing: raises Refused with a sentence to act on."""
    if pieces == 0:
        raise Refused(_l("What you chose has no pieces to print. Choose other consignments."))
    if pieces > MOST:
        sentence = _l(
            "One file holds at most %(most)s pieces. Narrow the list, for instance by the day of "
            "order, and print it in parts.",
            most=f"{MOST:,}".replace(",", " "),
        )
        raise Refused(sentence)


def file_name(paper: str, no: str) -> str:
    """Return what the file of one consignment’s paper is called."""
    return f"{paper}-{no}.pdf"
