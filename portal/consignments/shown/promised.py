"""Words about estimates: from when to when, from what, and how often we were right."""

from datetime import datetime
from typing import Any

from flask_babel import ngettext

from portal.accounts.access import User
from portal.consignments.queries import promises
from portal.consignments.queries.promises import DAYS, Accuracy, Kept
from portal.consignments.rules.estimates import Basis
from portal.core import i18n
from portal.core.i18n import gettext as _


def range_text(early: datetime | None, late: datetime | None) -> str:
    """Return from when to when, the day said once where it is the same; empty: no range."""
    if early is None or late is None:
        return ""
    same = i18n.day(early) == i18n.day(late)
    last = i18n.clock_time(late) if same else i18n.instant(late)
    return _("%(first)s to %(last)s", first=i18n.instant(early), last=last)


def basis_text(kept: str | None) -> str:
    """Return what an estimate was made from; empty where there is none."""
    basis = Basis.read(kept)
    if basis is None:
        return ""
    number = basis.number or 0
    if basis.name == "lane":
        return ngettext(
            "from %(num)d delivery on this lane", "from %(num)d deliveries on this lane", number
        )
    if basis.name == "country":
        return ngettext(
            "from %(num)d delivery within the country",
            "from %(num)d deliveries within the country",
            number,
        )
    if basis.name == "countries":
        return ngettext(
            "from %(num)d delivery between these countries",
            "from %(num)d deliveries between these countries",
            number,
        )
    if basis.name == "service":
        return ngettext(
            "from %(num)d delivery by this service",
            "from %(num)d deliveries by this service",
            number,
        )
    if basis.name == "distance":
        return _("from the distance, %(km)s km", km=i18n.number(number))
    return _("as the carrier says")


def accuracy_text(found: Accuracy) -> str:
    """Return in one or two sentences how often the range that we named was right."""
    if found.first.share is None and found.last.share is None:
        count = max(found.first.estimated, found.last.estimated)
        return _(
            "How good our estimates are: in the last %(days)s days we have estimated "
            "%(count)s deliveries, too few to publish a share.",
            days=DAYS,
            count=i18n.number(count),
        )
    first, last = _first(found.first), _last(found.last)
    return _("%(first)s %(last)s", first=first, last=last) if first and last else first or last


def _first(kept: Kept) -> str:
    if kept.share is None:
        return ""
    return _(
        "Of the %(count)s deliveries that we estimated in the last %(days)s days when the goods "
        "were first with us, %(share)s came within the range that we named then.",
        count=i18n.number(kept.estimated),
        days=DAYS,
        share=i18n.percent(kept.share),
    )


def _last(kept: Kept) -> str:
    if kept.share is None:
        return ""
    return _(
        "Measured by our last estimate before the delivery, it was %(share)s of %(count)s.",
        share=i18n.percent(kept.share),
        count=i18n.number(kept.estimated),
    )


def accuracy_for(user: User, consignment: Any) -> str:
    """Return how good estimates are for the company of ``user``, else for the whole centre.

    Empty for a consignment of which nothing is expected (any more).
    """
    if consignment.delivery_actual is not None or consignment.estimate_basis is None:
        return ""
    own = promises.accuracy_for(user)
    known = own.first.share is not None or own.last.share is not None
    return accuracy_text(own if known else promises.published())


def published() -> list[dict[str, Any]]:
    """Return the accuracy as a figure of the public pages; none where too few were estimated."""
    kept = promises.published().first
    if kept.share is None:
        return []
    return [
        {
            "key": "accuracy",
            "label": _("Came within the range we had estimated"),
            "value": i18n.percent(kept.share).removesuffix(" %"),
            "unit": "%",
            "sample": _("%(count)s deliveries", count=i18n.number(kept.estimated)),
            "period": _("Last %(days)s days", days=DAYS),
            "share": kept.share * 100,
        }
    ]
