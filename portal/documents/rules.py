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
    EVIDENCE = "evidence"


#: Those that are printed for many consignments at once.
IN_BATCHES = (Paper.LABEL, Paper.WAYBILL, Paper.EVIDENCE)
DIRECT = 200  # pieces drawn while the reader waits
MOST = 5000  # pieces in one file
MOST_PACKS = 500  # packs of evidence in one file: they hold photos
KEPT_FOR = timedelta(days=7)
BUSY = ("queued", "running")


def paper_of(asked: str) -> Paper:
    """Return the paper that may be printed in batches; raises Invalid for any other word."""
    if asked not in IN_BATCHES:
        raise Invalid(_l("Choose labels or waybills."))
    return Paper(asked)


def check_packs(consignments: int) -> None:
    """Refuse too many packs of evidence or none: raises Refused with a sentence to act on."""
    if consignments == 0:
        raise Refused(_l("No consignment fits what you chose. Choose other consignments."))
    if consignments > MOST_PACKS:
        sentence = _l(
            "One file holds at most %(most)s evidence packs. Narrow the list, for instance by the "
            "day of order, and fetch them in parts.",
            most=MOST_PACKS,
        )
        raise Refused(sentence)


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


def check(paper: Paper, consignments: int, pieces: int) -> None:
    """Refuse what does not go into one file: raises Refused with a sentence to act on."""
    if paper is Paper.EVIDENCE:
        check_packs(consignments)
    else:
        check_count(pieces)
