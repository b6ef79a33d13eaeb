"""How points of check-ins, questions and tickets read in a person’s account."""

from datetime import date

from portal.club.points.shown import provide
from portal.core import i18n, links
from portal.core.i18n import gettext as _


def _day(text: str) -> str:
    try:
        return i18n.day(date.fromisoformat(text))
    except ValueError:
        return text


def _check_in(rest: str) -> tuple[str, str | None]:
    return _("Check-in of %(day)s", day=_day(rest)), links.to("daily.index")


def _question(rest: str) -> tuple[str, str | None]:
    return _("Question of %(day)s", day=_day(rest)), links.to("daily.index")


def _tickets(rest: str) -> tuple[str, str | None]:
    ref = rest.partition(":")[0]
    return _("Tickets of the raffle %(ref)s", ref=ref), links.to("daily.raffle", ref=ref)


provide("check_in", _check_in)
provide("quiz", _question)
provide("raffle", _tickets)
