"""Every address × every role: what opens is what the site map and the matrix say, nothing else."""

from typing import Any

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from portal.accounts.roles import MEMBER_ROLES, RIGHT_NAMES, RIGHTS, STAFF_ROLES, rights_of
from portal.site_map import AUDIENCES, NEEDS
from tests.conftest import Browser
from tests.factories import make_colleague, make_person

ASKERS = [
    "visitor",
    "nobody",
    *(f"member {r}" for r in MEMBER_ROLES),
    *(f"staff {r}" for r in STAFF_ROLES),
]
#: Who opens most: their pages are made whole. For the others only the guard is asked.
WHOLE = frozenset({"member owner", "staff admin", "nobody"})
#: Endpoints after which nobody is signed in.
LEAVING = frozenset({"sign_in.logout"})
#: Endpoints that members open by the one right and the centre's people by the other.
EITHER = {
    "consignments_api.amend": {"consignments.amend", "consignments.amend_all"},
    "consignments_api.cancel": {"consignments.cancel", "consignments.amend_all"},
}
EITHER.update(
    (f"outbound_api.{each}", {"outbound.manage", "warehouse.orders"})
    for each in ("create", "change", "cancel", "hold", "resume", "send_now", "submit")
)
WRITES = {"POST", "PUT", "PATCH", "DELETE"}


def person_of(asker: str) -> Any:
    """Make the person; None for a visitor. Nobody is a person without a company."""
    kind, _, role = asker.partition(" ")
    if kind == "visitor":
        return None
    if kind == "member":
        return make_colleague(role=role)
    return make_person(staff_role=role or None)


def rights_held(asker: str) -> frozenset[str]:
    kind, _, role = asker.partition(" ")
    return rights_of(role if kind == "member" else None, role if kind == "staff" else None)


def is_open(endpoint: str, asker: str) -> bool:
    """Return what the site map and the matrix say."""
    audience = AUDIENCES[endpoint.rpartition(".")[0]]
    held = rights_held(asker)
    needed = {audience.right, NEEDS.get(endpoint)} - {None}
    enough = endpoint not in EITHER or bool(EITHER[endpoint] & held)
    return needed <= held and enough and not (audience.signed_in and asker == "visitor")


def served(app: Any) -> list[tuple[str, str, str]]:
    """Return (method, path, endpoint) of everything in the site map, with made-up arguments."""
    addresses = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.rpartition(".")[0] not in AUDIENCES:
            continue
        path = addresses.build(rule.endpoint, arguments(rule), method=None)
        found.extend((method, path, rule.endpoint) for method in rule.methods - {"HEAD", "OPTIONS"})
    return sorted(found)


def arguments(rule: Rule) -> dict[str, Any]:
    return {name: _made_up(rule._converters[name]) for name in rule.arguments}


def _made_up(converter: Any) -> Any:
    if isinstance(converter, AnyConverter):
        return next(iter(converter.items))
    return 999_999 if isinstance(converter, IntegerConverter) else "X"


def answer(browser: Browser, method: str, path: str) -> str:
    """Return ``open``, ``refused`` or ``broken``."""
    if path.startswith("/api/"):
        sent = {} if method in WRITES else None
        reply = browser.open(path, method=method, json=sent, buffered=True)
    elif method == "POST":
        reply = browser.post(path, {}, buffered=True)
    else:
        reply = browser.open(path, method=method, buffered=True)
    if reply.status_code >= 500:
        return "broken"
    ways = ("/login?next=",) if path == "/login" else ("/login?next=", "/account/standing")
    shown_the_way = reply.status_code == 302 and reply.location.startswith(ways)
    return "refused" if reply.status_code in (401, 403) or shown_the_way else "open"


def enter(app: Any, person: Any) -> Browser:
    """Return a browser in which ``person`` is signed in, if it is anybody."""
    return Browser(app).sign_in(person.email) if person else Browser(app)


def nothing(**_values: Any) -> tuple[str, int]:
    """Stand for a page: whoever comes so far was let in."""
    return "", 204


@pytest.mark.parametrize("asker", ASKERS)
def test_only_what_the_matrix_opens_is_open(app, asker, monkeypatch):
    person, wrong = person_of(asker), []
    browser = enter(app, person)
    if asker not in WHOLE:
        for endpoint in set(app.view_functions) - set(EITHER) - {"sign_in.login"}:
            monkeypatch.setitem(app.view_functions, endpoint, nothing)
    for method, path, endpoint in served(app):
        expected = "open" if is_open(endpoint, asker) else "refused"
        got = answer(enter(app, person) if endpoint in LEAVING else browser, method, path)
        if got != expected:
            wrong.append((method, path, endpoint, expected, got))
    assert wrong == [], "\n".join(map(str, wrong))


def test_every_need_is_a_right_of_a_page_that_is_served(app):
    for endpoint, right in NEEDS.items():
        assert endpoint in app.view_functions
        assert right in RIGHTS


def test_every_right_has_a_name():
    assert set(RIGHT_NAMES) == RIGHTS


def test_every_page_is_in_the_site_map(app):
    """Only the framework's own static files are served without an audience."""
    blueprints = {rule.endpoint.rpartition(".")[0] for rule in app.url_map.iter_rules()}
    assert blueprints - set(AUDIENCES) == {""}
