"""The nine windows: their fixed numbers and names, what anyone finds there, and what lies behind.

Visitors see all nine; whoever is signed in sees those that his role opens (the rights ``window.…``
of ``accounts/roles.py``). Behind a window stand the ways into the rooms that his rights open.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

MOST_KEPT = 4000  # pages, each for some rights, whose windows are kept


class Door(NamedTuple):
    """A way through a window: its name, where it leads, and the right that opens it."""

    label: Any
    endpoint: str
    right: str | None = None
    values: tuple[tuple[str, str], ...] = ()

    def is_open(self) -> bool:
        """Return whether the page exists and the reader may enter it."""
        exists = self.endpoint in current_app.view_functions
        return exists and (self.right is None or bool(current_user.may(self.right)))

    def url(self) -> str:
        """Return the address of the page."""
        values: dict[str, Any] = dict(self.values)
        return url_for(self.endpoint, **values)


@dataclass(frozen=True)
class Plan:
    """One window: ``front`` doors are for anyone, the first is its own page; ``behind`` by right.

    ``parts`` are the blueprints whose pages belong to the window beside those of its doors.
    """

    number: int
    label: Any
    right: str
    says: Any
    front: tuple[Door, ...]
    behind: tuple[Door, ...]
    parts: frozenset[str] = field(default=frozenset())


PLAN = (
    Plan(
        1,
        _l("The centre"),
        "window.company",
        _l("Members find their own file here, staff the pages they write."),
        (
            Door(_l("The centre"), "pages.about"),
            Door(_l("News"), "news.index"),
            Door(_l("Contact"), "pages.contact"),
        ),
        (
            Door(_l("Your company’s file"), "company.index", "company.see"),
            Door(_l("Colleagues and rights"), "colleagues.index", "colleagues.see"),
            Door(_l("Public pages"), "pages_desk.index", "pages.edit"),
            Door(_l("Staff"), "staff_desk.index", "staff.manage"),
            Door(_l("Desk"), "desk.home", "desk.enter"),
        ),
        frozenset({"news"}),
    ),
    Plan(
        2,
        _l("Services"),
        "window.services",
        _l("Members order here and follow what they ordered."),
        (Door(_l("All services"), "services.index"), Door(_l("Learning"), "learn.index")),
        (
            Door(_l("New consignment"), "consignments.new", "consignments.create"),
            Door(_l("Your consignments"), "consignments.index", "consignments.see"),
            Door(_l("Documents"), "documents.index", "consignments.see"),
            Door(_l("Board"), "board.index", "board.see"),
            Door(_l("Pages of services"), "pages_desk.index", "pages.edit", (("kind", "service"),)),
        ),
        frozenset({"services", "learn", "ask", "study"}),
    ),
    Plan(
        3,
        _l("Scope and process"),
        "window.process",
        _l("Members see where each of their consignments stands in this process."),
        (
            Door(_l("Process and status codes"), "process.index"),
            Door(_l("Track"), "tracking.lookup"),
        ),
        (
            Door(_l("Where your consignments stand"), "member.home", "portal.enter"),
            Door(_l("Imports"), "imports.index", "consignments.import"),
            Door(_l("Board"), "board.index", "board.see"),
            Door(_l("Map"), "map.index", "board.see"),
            Door(_l("Incidents"), "incidents_desk.index", "incidents.handle"),
            Door(_l("Desk"), "desk.home", "desk.enter"),
        ),
    ),
    Plan(
        4,
        _l("Customer relations"),
        "window.relations",
        _l("Members write to the people who know them, and read every answer in one place."),
        (
            Door(_l("Message board"), "messages.index"),
            Door(_l("Leave a message"), "messages.new"),
            Door(_l("Ask for a call"), "messages.call_me"),
        ),
        (
            Door(_l("Your messages"), "own_messages.index", "messages.own"),
            Door(_l("Club"), "club.index", "club.enter"),
            Door(_l("Messages at the desk"), "messages_desk.index", "messages.see"),
            Door(_l("Calls to make"), "calls_desk.index", "messages.answer"),
            Door(_l("Applications"), "applications_desk.index", "applications.see"),
            Door(_l("Companies"), "companies_desk.index", "companies.see"),
        ),
        frozenset({"messages"}),
    ),
    Plan(
        5,
        lazy_pgettext("window", "Sales"),
        "window.sales",
        _l("Members find their terms and their figures here."),
        (
            Door(_l("Price and time estimate"), "estimate.index"),
            Door(_l("Calculators"), "estimate.calculators"),
            Door(_l("Become a member"), "apply.index"),
        ),
        (
            Door(_l("Your terms and prices"), "terms.index_of_terms", "terms.see"),
            Door(_l("Figures"), "figures.index", "figures.see"),
            Door(_l("Tariffs"), "tariffs_desk.index", "tariffs.see"),
            Door(_l("Applications"), "applications_desk.index", "applications.see"),
            Door(_l("Advertising"), "ads_desk.index", "ads.manage"),
        ),
        frozenset({"estimate", "apply"}),
    ),
    Plan(
        6,
        _l("Procurement"),
        "window.procurement",
        _l("Buyers find here what suppliers offered."),
        (Door(_l("How we buy"), "pages.procurement"),),
        (
            Door(
                _l("What suppliers offer"),
                "messages_desk.index",
                "suppliers.see",
                (("topic", "supplier"),),
            ),
        ),
    ),
    Plan(
        7,
        _l("Enterprise desk"),
        "window.desk",
        _l("Members and staff work behind this window."),
        (
            Door(_l("Enterprise desk"), "pages.enterprise"),
            Door(_l("Sign in"), "sign_in.login"),
        ),
        (
            Door(_l("Desk"), "desk.home", "desk.enter"),
            Door(_l("Member area"), "member.home", "portal.enter"),
        ),
        frozenset({"sign_in"}),
    ),
    Plan(
        8,
        _l("E-payment"),
        "window.payment",
        _l("Members find here by which terms they pay."),
        (Door(_l("Ways to pay"), "pages.payment"),),
        (
            Door(_l("Your terms and prices"), "terms.index_of_terms", "terms.see"),
            Door(_l("Tariffs"), "tariffs_desk.index", "tariffs.see"),
            Door(_l("Companies"), "companies_desk.index", "companies.see"),
        ),
    ),
    Plan(
        9,
        _l("Friendly links"),
        "window.links",
        _l("Whoever looks after the links works behind this window."),
        (
            Door(_l("Friendly links"), "friendly_links.index"),
            Door(_l("Propose a link"), "friendly_links.propose"),
        ),
        (
            Door(_l("Propose your company’s link"), "friendly_links.propose", "company.edit"),
            Door(_l("Links at the desk"), "friendly_links_desk.index", "friends.manage"),
        ),
        frozenset({"friendly_links"}),
    ),
)


@dataclass(frozen=True)
class Window:
    """A window as this reader sees it: ``doors`` are (name, address) for anyone."""

    number: int
    label: Any
    url: str
    current: bool
    doors: list[tuple[Any, str]]


@dataclass(frozen=True)
class Behind:
    """What lies behind the window at which the reader stands."""

    number: int
    says: Any
    doors: list[tuple[Any, str]]


def init_app(app: Flask) -> None:
    """Give the templates ``windows``, and ``behind`` on the first page of a window."""
    app.context_processor(lambda: {"windows": shown(), "behind": behind()})


def shown() -> list[Window]:
    """Return the windows this reader sees, in their order.

    They are the same on every visit to a page for all who have the same rights, so they are kept.
    """
    known: dict[Any, list[Window]] = current_app.extensions.setdefault("windows of pages", {})
    rights = current_user.rights if current_user.is_authenticated else None
    key = (request.script_root, request.endpoint, rights)
    if key not in known:
        if len(known) >= MOST_KEPT:
            known.clear()
        known[key] = [
            Window(plan.number, plan.label, url, _is_here(plan), doors)
            for plan, url, doors in (_own() if rights is not None else _anybodys())
        ]
    return known[key]


#: A window with the address of its first page and of all its doors for anyone.
Opened = tuple[Plan, str, list[tuple[Any, str]]]


def _own() -> list[Opened]:
    """Return the windows that the role of a signed-in reader opens."""
    opened = [one for one in _anybodys() if current_user.may(one[0].right)]
    return [(plan, _inside(plan) or url, doors) for plan, url, doors in opened]


def _inside(plan: Plan) -> str | None:
    """Return where window 7 leads at once for those who work there; None for other windows."""
    if plan.right != "window.desk":
        return None
    return next((door.url() for door in plan.behind if door.is_open()), None)


def _anybodys() -> list[Opened]:
    """Return what every visitor sees: addresses change only with where the portal is mounted."""
    known: dict[str, list[Opened]] = current_app.extensions.setdefault("windows", {})
    if request.script_root not in known:
        served = [(plan, _named(plan.front)) for plan in PLAN]
        known[request.script_root] = [(p, doors[0][1], doors) for p, doors in served if doors]
    return known[request.script_root]


def behind() -> Behind | None:
    """Return what is behind the window whose own page this is; None elsewhere."""
    plan = next((p for p in PLAN if p.front[0].endpoint == request.endpoint), None)
    if plan is None:
        return None
    is_open = current_user.is_authenticated and current_user.may(plan.right)
    return Behind(plan.number, plan.says, _named(plan.behind) if is_open else [])


def _named(doors: tuple[Door, ...]) -> list[tuple[Any, str]]:
    """Return name and address of the doors that are open to the reader."""
    return [(door.label, door.url()) for door in doors if door.is_open()]


def _is_here(plan: Plan) -> bool:
    endpoint = request.endpoint or ""
    is_own = any(door.endpoint == endpoint for door in plan.front)
    return is_own or endpoint.partition(".")[0] in plan.parts
