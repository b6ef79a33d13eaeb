"""Whatever is typed into any form is answered in the reader's language, and never by a fault."""

import re
from html.parser import HTMLParser

import pytest

from tests.factories import make_colleague, make_company, make_consignment

PAGES = (
    "/portal/consignments/new",
    "/portal/addresses/new",
    "/portal/company/edit",
    "/portal/company/colleagues/invite",
    "/portal/company/keys/new",
    "/account/profile",
    "/account/password",
    "/portal/consignments/{no}/amend",
    "/portal/consignments/{no}/links",
)
JUNK = ("", "x\x07y", "9" * 400, "-1", '<b>"', "\u202e\u0661\u0662")


class Forms(HTMLParser):
    """Collects the forms of a page that change something, with the names of their fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self.names: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Note a form or a field."""
        given = dict(attrs)
        if tag == "form":
            self.names = []
            if given.get("method", "").lower() == "post":
                self.found.append((given.get("action") or "", self.names))
        elif tag in ("input", "select", "textarea") and given.get("name"):
            self.names.append(given["name"])


@pytest.fixture
def member(as_user):
    """Return a browser of an owner, the number of a consignment of his company beside it."""
    company = make_company()
    browser = as_user(make_colleague(company))
    browser.number = make_consignment(company).no
    return browser


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("page", PAGES)
def test_junk_is_answered_in_chinese(member, page, junk):
    path = page.format(no=member.number)
    shown = member.get(path, query_string={"lang": "zh-Hans"})
    assert shown.status_code == 200
    forms = [(a, names) for a, names in Forms(shown.text).found if a in ("", path) or "link" in a]
    for action, names in forms:
        fields = {name: junk for name in names if name != "csrf_token"}
        reply = member.post(action or path, fields)
        assert reply.status_code < 500
        assert not re.search(r"valid choice|is not a valid|field is required", reply.text)
