"""Every page as people see it: no fault in the console, no sideways scrolling, no barrier."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import PHONE

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
PUBLIC = ("/track", "/login", "/password/reset")  # the others: test_public
MEMBER = (
    "/portal",
    "/portal/consignments",
    "/portal/consignments/new",
    "/portal/imports",
    "/portal/documents",
    "/portal/documents/print?paper=label&later=1",
    "/portal/figures",
    "/portal/addresses",
    "/portal/company",
    "/portal/company/colleagues",
    "/portal/company/keys",
    "/account/sessions",
)
DESK = (
    "/desk",
    "/desk/board",
    "/desk/map",
    "/desk/incidents",
    "/desk/consignments",
    "/desk/documents",
    "/desk/companies",
)
ADMIN = ("/desk/admin/staff", "/desk/admin/jobs", "/desk/design")
#: Who opens which pages.
ROUNDS = (
    (None, PUBLIC),
    ("owner@huadong-home.example", MEMBER),
    ("dispatcher@quayside.example", DESK),
    ("admin@quayside.example", ADMIN),
)
SERIOUS = ("serious", "critical")
#: What differs between themes.
COLOURS = ("color-contrast", "link-in-text-block")
#: One row stands for those that are built like it; axe would look at each for seconds.
LIKE_OTHERS = {"exclude": [[".job:nth-child(n+5)"], ["tbody tr:nth-child(n+6)"]]}
#: Style sheets are not fetched again by axe, which the policy of our pages would refuse it.
FAULTS_ONLY = {"resultTypes": ["violations"], "preload": False}


def check_shape(page, path: str) -> None:
    """One headline, which is the title, and nothing wider than the window."""
    page.wait_for_load_state()  # a key that was just pressed may have led here
    page.locator("h1").first.wait_for()
    assert page.locator("h1").count() == 1, path
    assert page.locator("h1").inner_text().strip() in page.title() or page.locator("h1 .no").count()
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, f"{path} is {width} px too wide"


def check(page, path: str, *, only: tuple[str, ...] = ()) -> None:
    """Look at one page as a critical reader does; ``only``: at what these rules of axe say."""
    check_shape(page, path)
    rules = {"runOnly": {"type": "rule", "values": list(only)}} if only else {}
    found = Axe().run(page, LIKE_OTHERS, FAULTS_ONLY | rules).response["violations"]
    bad = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in SERIOUS]
    assert bad == [], path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("person", "paths"), ROUNDS, ids=["public", "member", "desk", "admin"])
def test_pages_are_whole_on_a_phone_in_every_language(window, person, paths, language):
    reader = window(person, language=language, viewport=PHONE)
    for path in paths:
        page = reader.go(path)
        assert page.evaluate("document.documentElement.lang") == language
        # What axe looks at does not differ between languages; who works at a desk is asked there.
        is_asked = language == LANGUAGES[0] and paths not in (DESK, ADMIN)
        (check if is_asked else check_shape)(page, path)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("person", "paths"), ROUNDS, ids=["public", "member", "desk", "admin"])
def test_pages_are_whole_at_a_desk_in_both_themes(window, server, person, paths, theme):
    reader = window(person)
    reader.context.add_cookies([{"name": "theme", "value": theme, "url": server.url}])
    for path in paths:
        is_asked = theme == "light" and paths in (DESK, ADMIN)
        check(reader.go(path), path, only=() if is_asked else COLOURS)


def test_one_consignment_is_whole_for_member_dispatcher_and_visitor(window):
    member = window("owner@huadong-home.example", viewport=PHONE)
    no = member.go("/portal/consignments").locator("tr[data-no]").first.get_attribute("data-no")
    check(member.go(f"/portal/consignments/{no}"), "member")
    check(window(viewport=PHONE).go(f"/track/{no}"), "visitor")
    staff = window("dispatcher@quayside.example", viewport=PHONE)
    check(staff.go(f"/desk/consignments/{no}"), "dispatcher")


def test_one_that_came_long_ago_is_whole_on_a_phone(window):
    member = window("owner@huadong-home.example", language="zh-Hans", viewport=PHONE)
    rows = member.go("/portal/consignments?status=closed&sort=ordered").locator("tr[data-no]")
    no = rows.last.get_attribute("data-no")
    check(member.go(f"/portal/consignments/{no}"), "member")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("precision", ["city", "full"])
def test_a_shared_page_is_whole_in_both_themes(window, server, dispatcher, theme, precision):
    no = dispatcher.consignment_in("in_transit")
    asked = {"precision": precision, "days": 1}
    link = dispatcher.call(f"/consignments/{no}/links", asked, key=dispatcher.owners_key)
    visitor = window(language="zh-Hans", viewport=PHONE)
    visitor.context.add_cookies([{"name": "theme", "value": theme, "url": server.url}])
    check(visitor.go(f"/s/{link['token']}"), "shared")


def test_the_page_that_puts_a_place_right_is_whole(window):
    for person, paths in (
        ("owner@huadong-home.example", ("/portal/consignments", "/account/mails")),
        ("dispatcher@quayside.example", ("/desk/consignments", "/desk/places")),
    ):
        reader = window(person, viewport=PHONE)
        rows = reader.go(f"{paths[0]}?status=ordered").locator("tr[data-no]")
        no = rows.first.get_attribute("data-no")
        for path in (f"{paths[0]}/{no}/places/consignee", *paths[1:]):
            check(reader.go(path), path)
