"""Handing in files as a browser does, for the tests of imports."""

import io
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.consignments.models import Consignment
from portal.core import jobs
from portal.core.db import db, transaction
from portal.core.scope import CENTRE
from tests.factories import make_colleague, make_company

PARTY = {
    "name": "长江商贸",
    "phone": "+8613800006021",
    "address": "文一西路 998 号",
    "city": "杭州",
    "country": "CN",
}
HEAD = "订单号,收货人,电话,地址,城市,品名,数量,重量(kg)\n"
GOOD = (
    "A-1,周敏,13800006021,南京路 1 号,上海,洗衣液,24,12.5\n"
    "A-2,李雷,13800006022,中山路 2 号,广州,纸巾,3,1.2\n"
)
BAD = "A-3,韩梅,12,北京路 3 号,北京,牙膏,1,0.5\n"


class _Form(HTMLParser):
    """What a browser would send of the form of columns, untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.inside, self.name = False, ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = "data-mapping" in given
        elif self.inside and tag == "select":
            self.name = given["name"]
        elif self.inside and tag == "option" and "selected" in given:
            self.values[self.name] = given["value"]
        elif self.inside and tag == "input" and given.get("name") not in (None, "csrf_token"):
            self._input(given)

    def _input(self, given: Any) -> None:
        if given.get("type") != "radio" or "checked" in given:
            self.values[given["name"]] = given.get("value", "")


def fields_of(html: str) -> dict[str, str]:
    """Return the values of the form of columns."""
    form = _Form()
    form.feed(html)
    return form.values


def member_company(name: str = "长江商贸") -> Any:
    """Make a company that says who sends its goods."""
    company = make_company(name=name)
    with transaction():
        company.consignor = dict(PARTY)
        db.session.add(company)
    return company


def member_of(company: Any, as_user: Any, role: str = "operations") -> Any:
    """Return a browser of somebody of that company."""
    return as_user(make_colleague(company, role))


def handed_in(browser: Any, content: str | bytes, name: str = "orders.csv", **more: str) -> str:
    """Upload a file and return the page of its import."""
    data = content.encode() if isinstance(content, str) else content
    form = {"file": FileStorage(io.BytesIO(data), name), **more, **browser._token()}
    # As bytes: the test client would leave the spool file of a large form to the collector.
    boundary, body = encode_multipart(form)
    kind = f"multipart/form-data; boundary={boundary}"
    reply = browser.open("/portal/imports", method="POST", data=body, content_type=kind)
    assert reply.status_code == 302, reply.text
    return str(reply.headers["Location"])


def work() -> None:
    """Let the workers carry out what is owed."""
    while jobs.run_once():
        pass


def checked(browser: Any, content: str | bytes, name: str = "orders.csv", **changes: str) -> str:
    """Upload, take the guessed columns (with ``changes``) and have the file checked."""
    page = handed_in(browser, content, name)
    shown = browser.get(f"{page}/columns")
    assert shown.status_code == 200, shown.text
    reply = browser.post(f"{page}/columns", fields_of(shown.text) | changes)
    assert reply.status_code == 302, reply.text
    work()
    return page


def posted(browser: Any, page: str, choice: str) -> Any:
    """Choose what to import and return the page with the result."""
    browser.post(f"{page}/choice", {"choice": choice})
    work()
    return browser.get(page)


def consignment_count() -> int:
    """Return how many consignments there are, of anybody."""
    db.session.rollback()
    count = select(func.count(Consignment.id)).execution_options(**CENTRE)
    return int(db.session.scalar(count) or 0)
