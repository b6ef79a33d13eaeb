"""The register in a browser: every page is whole, a view is kept, two companies become one."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_pages import COLOURS, check

MANAGER = "manager@quayside.example"
DOUBLE = "海川贸易有限公司"
_LISTS = ("", "?confirm=due", "?q=nobody+is+called+so", "views", "duplicates")
LISTS = [f"/desk/companies/{path}" for path in _LISTS]


def ways(page) -> list[str]:
    """Return the addresses of a company, of its form, and of two side by side."""
    page.go("/desk/companies/?q=" + DOUBLE)
    gone = page.page.locator("tbody a").first.get_attribute("href")
    page.go("/desk/companies/?q=Haichuan&sort=name")
    kept = page.page.locator("tbody a").first.get_attribute("href")
    return [kept, f"{kept}/edit", f"{kept}/merge", f"{kept}/merge?with={gone.rpartition('/')[2]}"]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("of", ["lists", "company"])
def test_every_page_is_whole(window, viewport, of):
    reader = window(MANAGER, viewport=viewport)
    for path in LISTS if of == "lists" else ways(reader):
        check(reader.go(path), path, only=COLOURS if viewport == PHONE else ())


def test_conditions_are_kept_as_a_view_that_opens_the_list(window):
    reader = window(MANAGER)
    page = reader.go("/desk/companies/?standing=member&country=DE")
    page.get_by_text("Keep as a view").click()
    page.get_by_label("Name of the view").fill("Members in Germany")
    page.get_by_text("Open the list with it from now on").click()
    page.get_by_role("button", name="Keep it").click()
    page = reader.go("/desk/companies/")
    expect(page.get_by_role("link", name="Members in Germany")).to_have_attribute(
        "aria-current", "page"
    )
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="All companies").click()
    assert page.locator("tbody tr").count() > 5


def test_two_companies_become_one_and_two_again(window):
    reader = window(MANAGER)
    page = reader.go("/desk/companies/duplicates")
    row = page.locator("tr", has_text=DOUBLE)
    gone = row.locator("th .num").first.inner_text()
    row.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="What moves")).to_be_visible()
    page.get_by_role("button", name="Merge them").click()
    expect(page.locator("h1")).to_have_text("海川贸易")
    page = reader.go(f"/desk/companies/{gone}")
    expect(page.locator("h1")).to_have_text("海川贸易")
    page.get_by_role("link", name=DOUBLE).click()
    page.get_by_role("button", name="Make them two again").click()
    page = reader.go(f"/desk/companies/{gone}")
    expect(page.locator("h1")).to_have_text(DOUBLE)
