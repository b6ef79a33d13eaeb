"""A member imports a file: from upload to result, by page."""

import io

import pytest

from portal.consignments.models import Consignment
from portal.core import jobs
from portal.core.db import db as database
from portal.core.scope import CENTRE
from sqlalchemy import func, select
from tests.factories import make_colleague, make_company

pytestmark = pytest.mark.both_databases
PARTY = {
    "name": "长江商贸",
    "phone": "+8613800006021",
    "address": "文一西路 998 号",
    "city": "杭州",
    "country": "CN",
}
HEAD = "订单号,收货人,电话,地址,城市,品名,数量,重量(kg)\n"
GOOD = "A-1,周敏,13800006021,南京路 1 号,上海,洗衣液,24,12.5\nA-2,李雷,13800006022,中山路 2 号,广州,纸巾,3,1.2\n"
BAD = "A-3,韩梅,12,北京路 3 号,北京,牙膏,1,0.5\n"


def file_of(text: str, name: str = "orders.csv"):
    return {"file": (io.BytesIO(text.encode()), name)}


@pytest.fixture
def member(as_user):
    company = make_company()
    with_party(company)
    return as_user(make_colleague(company, "operations"))


def with_party(company) -> None:
    company.consignor = PARTY
    database.session.add(company)
    database.session.commit()


def handed_in(browser, text: str, name: str = "orders.csv") -> str:
    reply = browser.post("/portal/imports", file_of(text, name))
    assert reply.status_code == 302, reply.text
    return reply.headers["Location"]


def checked(browser, text: str) -> str:
    page = handed_in(browser, text)
    shown = browser.get(f"{page}/columns")
    assert shown.status_code == 200
    reply = browser.post(f"{page}/columns", fields_of(shown.text))
    assert reply.status_code == 302, reply.text
    while jobs.run_once():
        pass
    return page


def fields_of(html: str) -> dict[str, str]:
    """Return what a browser would send of the form of columns, untouched."""
    from html.parser import HTMLParser

    class Form(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.values, self.inside, self.name = {}, False, ""

        def handle_starttag(self, tag, attrs):
            given = dict(attrs)
            if tag == "form":
                self.inside = "data-mapping" in given
            if not self.inside:
                return
            if tag == "select":
                self.name = given["name"]
            elif tag == "option" and "selected" in given:
                self.values[self.name] = given["value"]
            elif tag == "input" and given.get("name") not in (None, "csrf_token"):
                if given.get("type") != "radio" or "checked" in given:
                    self.values[given["name"]] = given.get("value", "")

    form = Form()
    form.feed(html)
    return form.values


def count() -> int:
    database.session.rollback()
    return database.session.scalar(select(func.count(Consignment.id)).execution_options(**CENTRE))


def test_a_good_file_becomes_consignments(app, member):
    page = checked(member, HEAD + GOOD)
    report = member.get(page)
    assert "Checked, waiting for your choice" in report.text
    assert count() == 0
    member.post(f"{page}/choice", {"choice": "all_or_nothing"})
    while jobs.run_once():
        pass
    assert "2 consignments created" in member.get(page).text
    assert count() == 2
