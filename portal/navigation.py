"""The ways through the member area and the desk: the members' rail, the desk's bar.

Only what exists and is open to the reader is shown. The windows stand in ``portal/windows.py``.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask import Flask, current_app, request
from flask_login import current_user

from portal.accounts.queries import companies_of
from portal.consignments.queries.incidents import overdue_count_for
from portal.consignments.queries.many import count_by_step, counts_for
from portal.consignments.queries.unsure import count_unsure
from portal.consignments.rules import units, vocabulary
from portal.core import links
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.enquiries.queries.desk import overdue_count_for as unanswered_count_for
from portal.forum.queries.order import waiting_count_for
from portal.learning.queries.questions import overdue_count as questions_overdue
from portal.membership.queries.applications import overdue_count_for as applications_overdue
from portal.pages.friends.queries import proposed_count

#: Group → (name, endpoint, right)
RAIL = (
    (
        _l("Delivery"),
        (
            (_l("Overview"), "member.home", "portal.enter"),
            (_l("Consignments"), "consignments.index", "consignments.see"),
            (_l("Imports"), "imports.index", "consignments.import"),
            (_l("Documents"), "documents.index", "consignments.see"),
            (_l("Figures"), "figures.index", "figures.see"),
            (_l("Messages"), "own_messages.index", "messages.own"),
            (_l("Club"), "club.index", "club.enter"),
        ),
    ),
    (
        _l("Warehousing"),
        (
            (_l("Stock"), "stock.index", "stock.see"),
            (_l("Goods"), "goods.index", "stock.see"),
            (_l("Inbound"), "inbound.index", "stock.see"),
            (_l("Outbound"), "outbound.index", "stock.see"),
            (_l("Returns"), "returns.index", "stock.see"),
        ),
    ),
    (
        _l("Company"),
        (
            (_l("Company details"), "company.index", "company.see"),
            (_l("Address book"), "addresses.index", "addresses.see"),
            (_l("Colleagues and rights"), "colleagues.index", "colleagues.see"),
            (_l("API keys"), "api_keys.index", "apikeys.manage"),
            (_l("Terms and prices"), "terms.index_of_terms", "terms.see"),
        ),
    ),
)
#: The parts of the club, as tabs of each of its pages.
CLUB = (
    (_l("Forum"), "club.index", "club.enter"),
    (lazy_pgettext("club", "Rooms"), "rooms.index", "club.enter"),
    (lazy_pgettext("direct", "Messages"), "direct.index", "club.enter"),
    (_l("Members"), "directory.index", "club.enter"),
    (_l("Today"), "daily.index", "club.enter"),
    (_l("Games"), "games.index", "club.enter"),
    (_l("Points"), "points.index", "club.enter"),
)
#: What the desk opens many times a day; the rest is in the menu at the end of its bar.
DESK = (
    (_l("Overview"), "desk.home", "desk.enter"),
    (_l("Board"), "board.index", "board.see"),
    (_l("Map"), "map.index", "board.see"),
    (_l("Incidents"), "incidents_desk.index", "incidents.handle"),
    (_l("Messages"), "messages_desk.index", "messages.see"),
    (_l("Consignments"), "consignments_desk.index", "consignments.see_all"),
    (_l("Warehouse"), "overview.index", "warehouse.see"),
)
#: The desk's part in the club, as tabs of each of its pages and in the menu.
CLUB_DESK = (
    (_l("Club review"), "review.index", "club.review"),
    (_l("Club figures"), "club_desk.index", "club.review"),
    (_l("Spaces of the club"), "spaces_desk.index", "club.manage"),
    (_l("Rooms and question hours"), "rooms_desk.index", "club.host"),
    (_l("Rewards"), "rewards_desk.index", "club.manage"),
    (_l("Quiz and raffles"), "daily_desk.index", "club.manage"),
)
DESK_MORE = (
    (
        (_l("Floor"), "floor.index", "warehouse.work"),
        (_l("Stock"), "stock_desk.index", "warehouse.see"),
        (_l("Goods"), "goods_desk.index", "warehouse.see"),
        (_l("Inbound"), "inbound_desk.index", "warehouse.see"),
        (_l("Outbound"), "outbound_desk.index", "warehouse.see"),
        (_l("Waves"), "waves_desk.index", "warehouse.supervise"),
        (_l("Returns"), "returns_desk.index", "warehouse.see"),
        (_l("Counts"), "counts_desk.index", "warehouse.see"),
        (_l("Lots"), "lots_desk.index", "warehouse.see"),
        (_l("Moves"), "moves_desk.index", "warehouse.see"),
        (_l("Kits"), "kits_desk.index", "warehouse.see"),
        (_l("Locations and docks"), "warehouse_places.index", "warehouse.see"),
        (lazy_pgettext("packing", "Cartons"), "carton_types.index", "warehouse.places"),
    ),
    (
        (_l("Places"), "places_desk.index", "consignments.amend_all"),
        (_l("Documents"), "documents_desk.index", "consignments.see_all"),
        (_l("Figures"), "figures_desk.desk_index", "consignments.see_all"),
    ),
    (
        *CLUB_DESK,
        (lazy_pgettext("written", "Pages"), "pages_desk.index", "pages.edit"),
        (_l("Courses and books"), "learning_desk.index", "pages.edit"),
        (_l("Questions to experts"), "experts_desk.index", "questions.answer"),
        (_l("Friendly links"), "friendly_links_desk.index", "friends.manage"),
        (_l("Advertising"), "ads_desk.index", "ads.manage"),
        (_l("Tariffs"), "tariffs_desk.index", "tariffs.see"),
    ),
    (
        (_l("Applications"), "applications_desk.index", "applications.see"),
        (_l("Supplier offers"), "messages_desk.suppliers", "suppliers.see"),
        (_l("Companies"), "companies_desk.index", "companies.see"),
        (_l("Staff"), "staff_desk.index", "staff.manage"),
        (_l("Jobs"), "jobs_desk.index", "jobs.see"),
        (_l("Components"), "design.index", "design.see"),
    ),
)
#: Endpoint → right of every way through the desk, in their order.
DESK_RIGHTS = {endpoint: right for group in (DESK, *DESK_MORE) for _name, endpoint, right in group}
#: Parts without a way of their own → the part from which one comes to them.
SIDE_PARTS = {
    "calls_desk": "messages_desk",
    "closed_days": "messages_desk",
    "questions_desk": "applications_desk",
    "certificates_desk": "learning_desk",
    "docks_desk": "warehouse_places",
    "release_papers": "outbound_desk",
    "own_release_papers": "outbound",
    "lots": "stock",
    "kits": "goods",
    **dict.fromkeys(("rooms", "direct", "directory", "daily", "games", "points"), "club"),
}


class Count(NamedTuple):
    """What stands beside a way: how many, asked for only where it is shown, and of what."""

    of: Callable[[], int]
    words: Any


MOST_KEPT = 4000  # pages, each for some rights, whose ways are kept
#: A way as a page shows it: name, URL, whether it is the present one, what stands beside it.
Way = tuple[Any, str, bool, Count | None]


def init_app(app: Flask) -> None:
    """Give the templates their ways through the site."""
    app.context_processor(_ways)
    app.jinja_env.globals.update(
        may=lambda right: current_user.may(right),
        exists=exists,
        status_text=vocabulary.text,
        big_step=vocabulary.big_step_text,
        unit_text=units.unit_text,
    )


def exists(endpoint: str) -> bool:
    """Return whether a page is served here."""
    return endpoint in current_app.view_functions


def _ways() -> dict[str, Any]:
    return {**_open_ways(), "club_ways": _club_ways, "companies": _companies()}


def _open_ways() -> dict[str, Any]:
    """Return the ways of the member area and the desk.

    They are the same on every visit to a page for all who have the same rights, so they are kept.
    """
    known: dict[Any, dict[str, Any]] = current_app.extensions.setdefault("ways", {})
    key = (request.script_root, request.endpoint, current_user.rights)
    if key not in known:
        if len(known) >= MOST_KEPT:
            known.clear()
        known[key] = {
            "rail": _rail(),
            "desk_nav": _open_of(DESK),
            "desk_more": [ways for group in DESK_MORE if (ways := _open_of(group))],
            "desk_tabs": _desk_tabs(),
        }
    return known[key]


def _desk_tabs() -> list[Way]:
    """Return the ways through the club's part of the desk, on its own pages."""
    ways = _open_of(CLUB_DESK)
    return ways if any(way[2] for way in ways) and len(ways) > 1 else []


def _club_ways() -> list[tuple[Any, str, str]]:
    """Return the parts of the club: name, URL, and how the present page is in it.

    ``page``: it is its first page; ``true``: one of its pages; empty: of another part.
    """
    asked = request.endpoint or ""
    here = asked.split(".")[0]
    return [
        (label, links.to(way), "page" if way == asked else "true" if _part(way) == here else "")
        for label, way, right in CLUB
        if _shown(way, right)
    ]


def _part(endpoint: str) -> str:
    return endpoint.split(".")[0]


def _companies() -> list[tuple[str, str]]:
    """Return (reference, name) of the companies that this person may work for."""
    return companies_of(current_user) if current_user.is_authenticated else []


def _rail() -> list[tuple[Any, list[Way]]]:
    groups = [(group, _open_of(entries)) for group, entries in RAIL]
    return [(group, entries) for group, entries in groups if entries]


def _open_of(entries: Iterable[tuple[Any, str, str]]) -> list[Way]:
    """Return the ways among ``entries`` that exist and are open to the reader."""
    return [_way(*entry) for entry in entries if _shown(*entry[1:])]


def _shown(endpoint: str, right: str) -> bool:
    return exists(endpoint) and bool(current_user.may(right))


def _way(label: Any, endpoint: str, _right: str) -> Way:
    return label, links.to(endpoint), _is_here(endpoint), COUNTS.get(endpoint)


def _is_here(endpoint: str) -> bool:
    """Return whether the present page is this way's, or nearer to it than to any other.

    Two ways may lead into one part (messages, supplier offers): the first that is open to the
    reader stands for all pages of the part that are not a way of his themselves.
    """
    asked = request.endpoint or ""
    part = asked.split(".")[0]
    part = SIDE_PARTS.get(part, part)
    if endpoint not in DESK_RIGHTS:
        return endpoint.split(".")[0] == part
    ways = [way for way, right in DESK_RIGHTS.items() if current_user.may(right)]
    if asked in ways:
        return asked == endpoint
    return endpoint == next((way for way in ways if way.split(".")[0] == part), None)


def _under_way() -> int:
    """Return how many consignments of the member's company are under way."""
    return count_by_step(counts_for(current_user._get_current_object()))["active"]


def _unanswered() -> int:
    """Return how many messages should have been answered by now."""
    return unanswered_count_for(current_user._get_current_object())


def _overdue() -> int:
    """Return how many incidents should have been settled by now."""
    return overdue_count_for(current_user._get_current_object())


def _applications_overdue() -> int:
    return applications_overdue(current_user._get_current_object())


def _club_waiting() -> int:
    """Return how much waits for a moderator of the club."""
    return waiting_count_for(current_user._get_current_object())


COUNTS = {
    "applications_desk.index": Count(_applications_overdue, _l("Past its clock")),
    "consignments.index": Count(_under_way, _l("Under way")),
    "incidents_desk.index": Count(_overdue, _l("Past its clock")),
    "messages_desk.index": Count(_unanswered, _l("Past its clock")),
    "places_desk.index": Count(count_unsure, _l("unsure")),
    "friendly_links_desk.index": Count(proposed_count, _l("proposed")),
    "review.index": Count(_club_waiting, _l("Waiting for a decision")),
    "experts_desk.index": Count(questions_overdue, _l("Past its clock")),
}
