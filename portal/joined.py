"""What each part of the portal has to do with companies, in one place.

Sections of their page at the desk, and how rows move when two turn out to be one. Parts move in
this order: consignments first, so that what hangs on them finds them where they are. Parts that
take or give sheets get the tools of the exchange, which lies above them.
"""

import io

from flask import url_for
from flask_login import current_user

from portal.accounts import joining as accounts
from portal.club.games import merging as games
from portal.club.people import merging as people_cards
from portal.club.points import merging as points
from portal.consignments import merging as consignments
from portal.consignments.desk import dossier as consignments_shown
from portal.consignments.queries import addresses
from portal.core import jobs, later, sheets
from portal.core.jobs import Lane
from portal.documents import merging as documents
from portal.enquiries import merging as enquiries
from portal.enquiries.desk import dossier as enquiries_shown
from portal.exchange import merging as exchange
from portal.exchange.outgoing import attachment
from portal.exchange.rules.sheets import open_sheet
from portal.exchange.rules.writers import unguarded
from portal.membership import merging as membership
from portal.tracking import merging as tracking
from portal.warehousing import merging as warehousing
from portal.warehousing.inbound import joining as inbound
from portal.warehousing.inbound.service import slots as inbound_slots
from portal.warehousing.kits import joining as kits
from portal.warehousing.outbound import joining as outbound
from portal.warehousing.outbound.service import pickups
from portal.warehousing.outbound.shown import book
from portal.warehousing.outbound.shown import links as outbound_links
from portal.warehousing.sites.service import docks

PARTS = (
    consignments,
    tracking,
    documents,
    exchange,
    enquiries,
    membership,
    games,
    people_cards,
    warehousing,
    inbound,
    kits,
    outbound,
    points,
    accounts,
)
SECTIONS = (consignments_shown, enquiries_shown)


def init_app() -> None:
    """Let all parts join, and jobs move what is much."""
    for part in PARTS:
        part.join()
    for shown in SECTIONS:
        shown.join()
    docks.provide("IN", move=inbound_slots.schedule, cancel=inbound_slots.give_up)
    docks.provide("OUT", move=pickups.schedule, cancel=pickups.give_up)
    book.provide(addresses.book_for)
    outbound_links.provide("consignment", _consignment_url)
    sheets.provide(lambda data: open_sheet(io.BytesIO(data)), attachment, unguarded)
    jobs.handles(
        "company_merge",
        later.function("portal.accounts.service.merging:carry_on"),
        lane=Lane.LONG,
    )


def _consignment_url(no: str) -> str | None:
    """Return where a consignment is shown to who asks; None where he may not see it."""
    user = current_user._get_current_object()
    if user.company_id is not None and user.may("consignments.see"):
        return url_for("consignments.detail", no=no)
    return url_for("consignments_desk.detail", no=no) if user.may("consignments.see_all") else None
