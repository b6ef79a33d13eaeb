"""What counts: views and clicks through the API, against bots, repeats, forged and foreign ids."""

import json
from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import func, select

from portal.accounts.access import Visitor
from portal.core import clock
from portal.core.db import db
from portal.promotion import facts, visitors
from portal.promotion.models import AdCount, AdHit, AdReason, Campaign, Creative
from portal.promotion.queries import roster
from portal.promotion.rules import counting
from portal.promotion.service import counting as service
from portal.promotion.visitors import Shown
from tests.conftest import Browser
from tests.factories import make_colleague, make_company
from tests.promotion import making
from tests.promotion.making import PERSON

pytestmark = pytest.mark.both_databases
LATER = timedelta(seconds=3)


class Reader:
    """A visitor's browser that is shown advertisements."""

    def __init__(self, app, headers=PERSON, browser=None) -> None:
        self.browser = browser or Browser(app)
        self.headers = headers

    def ask(self, zone="tracking", **query):
        return self.browser.get(f"/api/v1/ad/{zone}", headers=self.headers, query_string=query)

    def shown(self, zone="tracking", **query) -> dict:
        answer = self.ask(zone, **query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def saw(self, impression, headers=None, **more):
        return self.browser.post(
            "/api/v1/ad/view",
            json={"impression": impression, **more},
            headers=headers or self.headers,
        )

    def clicks(self, url, headers=None, method="GET"):
        return self.browser.open(url, method=method, headers=headers or self.headers)


@pytest.fixture
def reader(app) -> Reader:
    return Reader(app)


@pytest.fixture
def later(monkeypatch):
    """``later(delta)`` lets time pass for the counting."""
    now = clock.now

    def move(delta=LATER) -> None:
        monkeypatch.setattr(clock, "now", lambda: now() + delta)

    return move


def reasons(kind="view") -> list[str | None]:
    db.session.rollback()
    wanted = select(AdHit.reason).where(AdHit.kind == kind).order_by(AdHit.id)
    return list(db.session.scalars(wanted))


def totals() -> dict[str, int]:
    db.session.rollback()
    names = ("views", "valid_views", "viewers", "clicks", "valid_clicks", "clickers")
    sums = db.session.execute(select(*(func.sum(getattr(AdCount, name)) for name in names))).one()
    return {name: int(value or 0) for name, value in zip(names, sums, strict=True)}


def test_a_view_counts_once_however_often_it_is_reported(reader, later):
    campaign = making.running()
    seen = reader.shown()["impression"]
    later()
    assert [reader.saw(seen).status_code for _ in range(3)] == [204] * 3
    assert reasons() == [None, "replay", "replay"]
    assert totals() == {
        "views": 3,
        "valid_views": 1,
        "viewers": 1,
        "clicks": 0,
        "valid_clicks": 0,
        "clickers": 0,
    }
    assert making.reload(campaign).delivered == 1
    counted = db.session.query(AdReason.reason, AdReason.count).all()
    assert counted == [("replay", 2)]


def test_a_click_leads_to_the_stored_address_and_counts_once(reader, later):
    making.running()
    url = reader.shown()["click"]
    later()
    answers = [reader.clicks(url) for _ in range(2)]
    assert {a.status_code for a in answers} == {302}
    assert {a.location for a in answers} == {"https://crates.example/offer?a=1"}
    assert reasons("click") == [None, "replay"]
    assert totals()["clicks"] == 2
    assert totals()["valid_clicks"] == totals()["clickers"] == 1


def test_another_view_of_the_same_visitor_is_not_another_visitor(reader, later):
    making.running()
    first, second = reader.shown()["impression"], reader.shown()["impression"]
    later()
    reader.saw(first)
    reader.saw(second)
    assert totals()["valid_views"] == 2
    assert totals()["viewers"] == 1


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        (
            {
                "User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
            },
            "bot",
        ),
        ({"User-Agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"}, "bot"),
        ({"User-Agent": "curl/8.5.0"}, "bot"),
        ({"User-Agent": "python-requests/2.32.0"}, "bot"),
        ({"User-Agent": ""}, "bot"),
        ({"User-Agent": making.CHROME.replace("Chrome/", "HeadlessChrome/")}, "headless"),
        ({**PERSON, "Sec-CH-UA": '"HeadlessChrome";v="130"'}, "headless"),
        ({**PERSON, "Sec-Purpose": "prefetch;prerender"}, "prefetch"),
        ({**PERSON, "Origin": "https://evil.example"}, "foreign"),
        ({**PERSON, "Origin": "null"}, "foreign"),
        ({**PERSON, "Sec-Fetch-Site": "cross-site"}, "foreign"),
    ],
    ids=str,
)
def test_what_no_person_sends_does_not_count_but_is_kept_with_its_reason(
    app, later, headers, reason
):
    making.running()
    agent = {"User-Agent": headers["User-Agent"]}  # the same visitor asks and reports
    shown = Reader(app, agent).shown()
    later()
    reader = Reader(app, headers)
    assert reader.saw(shown["impression"]).status_code == 204
    assert reader.clicks(shown["click"]).status_code == 302
    assert reasons("view") == reasons("click") == [reason]
    assert totals()["valid_views"] == totals()["valid_clicks"] == 0


def test_a_driven_browser_says_so_and_does_not_count(reader, later):
    making.running()
    seen = reader.shown()["impression"]
    later()
    reader.saw(seen, driven=True)
    assert reasons() == ["headless"]


def test_what_comes_too_soon_or_too_late_does_not_count(reader, later):
    making.running()
    soon, late = reader.shown(), reader.shown()
    reader.saw(soon["impression"])
    reader.clicks(soon["click"])
    later(timedelta(hours=5))
    reader.saw(late["impression"])
    reader.clicks(late["click"])
    assert reasons() in (["too_fast", "expired"], ["too_fast", "foreign"])
    assert reasons("click")[0] == "too_fast"
    assert reasons("click")[1] == "expired"


def test_ids_that_we_did_not_make_lead_nowhere(reader, app, later):
    making.running()
    shown = reader.shown()
    impression, click = shown["impression"], shown["click"]
    later()
    other_key = visitors.tokens.signed([1, "tracking"], "something else")
    for made_up in ("", "x", impression[:-2], "A" + impression[1:], other_key, "²", "x" * 390):
        reader.saw(made_up)
    assert set(reasons()) == {"forged"}
    assert totals()["views"] == 0
    for end in ("x", "https://evil.example", "..%2f..%2fevil", other_key):
        answer = reader.clicks(click.rpartition("/")[0] + "/" + end)
        assert answer.status_code == 404
        assert "evil" not in answer.headers.get("Location", "")
    assert set(reasons("click")) <= {"forged"}


@pytest.mark.parametrize(
    "query",
    ["url=https://evil.example", "next=//evil.example", "to=evil", "address=https://evil.example"],
)
def test_no_parameter_changes_where_a_click_leads(reader, later, query):
    making.running()
    url = reader.shown()["click"]
    later()
    answer = reader.clicks(f"{url}?{query}", {**PERSON, "Referer": "https://evil.example/"})
    assert answer.location == "https://crates.example/offer?a=1"


def test_an_id_of_another_visitor_does_not_count(app, reader, later):
    making.running()
    shown = reader.shown()
    later()
    other = Reader(app, {"User-Agent": making.CHROME + " Edg/130.0"})
    other.saw(shown["impression"])
    assert reasons() == ["foreign"]


def test_the_page_without_a_script_has_a_link_that_is_not_paid_for(app, reader):
    making.running()
    creative = db.session.query(Creative).one()
    answer = reader.clicks(f"/api/v1/ad/click/{visitors.plain(creative.id, 'tracking')}")
    assert answer.status_code == 302
    assert reasons("click") == ["no_view"]
    reader.saw(visitors.plain(creative.id, "tracking"))
    assert reasons("view") == ["forged"]


def test_more_than_a_person_sees_in_a_day_does_not_count(reader, later, monkeypatch):
    monkeypatch.setitem(counting.MOST, "view", 2)
    making.running()
    seen = [reader.shown()["impression"] for _ in range(3)]
    later()
    for each in seen:
        reader.saw(each)
    assert reasons() == [None, None, "too_many"]


def test_views_of_a_campaign_that_was_stopped_do_not_count(reader, later):
    campaign = making.running()
    shown = reader.shown()
    db.session.get(Campaign, campaign.id).state = "paused"
    db.session.commit()
    roster.forget()
    later()
    reader.saw(shown["impression"])
    assert reasons() == ["not_running"]
    assert reader.clicks(shown["click"]).status_code == 302  # he clicked in good faith
    assert reader.ask().status_code == 204


def test_the_centres_own_people_do_not_count(app, later):
    making.running()
    staff = Browser(app).sign_in(making.make_marketing().email)
    creative = db.session.query(Creative).one()
    reader = Reader(app, browser=staff)
    shown = reader.shown()
    later()
    reader.saw(shown["impression"])
    assert reasons() == ["staff"]
    assert creative.id == shown["creative"]


def test_nobody_sees_more_of_a_campaign_in_a_day_than_its_cap(reader, later):
    making.running(cap=2)
    for _ in range(2):
        seen = reader.shown()["impression"]
        later()
        reader.saw(seen)
        later(timedelta())
    assert reader.ask().status_code == 204


@pytest.mark.parametrize(
    ("targeting", "query", "is_shown"),
    [
        ({"language": ["en"]}, {"language": "en"}, True),
        ({"language": ["zh-Hant"]}, {"language": "en"}, False),
        ({"page": ["tracking"]}, {"page": "tracking"}, True),
        ({"page": ["tracking"]}, {"page": "home"}, False),
        ({"page": ["tracking"]}, {"page": "tracking' or 1=1"}, False),
        ({"audience": ["visitor"]}, {}, True),
        ({"audience": ["member"]}, {}, False),
        ({"company": ["C0000000"]}, {}, False),
        ({"tier": ["gold"]}, {"tier": "gold"}, False),
        ({"hour": []}, {}, True),
    ],
    ids=str,
)
def test_a_visitor_sees_only_what_is_meant_for_him(reader, targeting, query, is_shown):
    making.running(targeting=targeting)
    assert reader.ask(**query).status_code == (200 if is_shown else 204)


def test_a_company_sees_what_is_meant_for_it_and_no_other_does(app, later):
    company = make_company()
    making.running(targeting={"company": [company.ref], "audience": ["member"]})
    own = Reader(app, browser=Browser(app).sign_in(make_colleague(company).email))
    other = Reader(app, browser=Browser(app).sign_in(make_colleague().email))
    seen = own.shown()["impression"]
    assert other.ask().status_code == 204
    later()
    other.saw(seen)
    own.saw(seen)
    assert reasons() == ["foreign", None]


def test_an_unknown_zone_is_not_there(reader):
    assert reader.ask("nowhere").status_code == 404
    assert reader.ask("side").status_code == 204


@pytest.mark.parametrize(
    "body", [None, [], {}, {"impression": 1}, {"impression": "x" * 9999}, {"x": 1}]
)
def test_a_report_of_the_wrong_shape_is_refused(reader, body):
    answer = reader.browser.open(
        "/api/v1/ad/view", method="POST", data=json.dumps(body), headers=PERSON
    )
    assert answer.status_code == 422
    assert reasons() == []


def test_no_address_of_a_visitor_is_kept(app, later):
    making.running()
    reader = Reader(app)
    where = {"REMOTE_ADDR": "203.0.113.77"}
    ask = reader.browser.get("/api/v1/ad/tracking", headers=PERSON, environ_overrides=where)
    later()
    reader.browser.post(
        "/api/v1/ad/view",
        json={"impression": ask.json["impression"]},
        headers=PERSON,
        environ_overrides=where,
    )
    db.session.rollback()
    row = db.session.execute(select(AdHit.__table__)).mappings().one()
    assert row["reason"] is None
    assert "203.0.113.77" not in str(dict(row))
    assert "Chrome" not in str(dict(row))


def test_a_head_request_counts_nothing(reader):
    making.running()
    url = reader.shown()["click"]
    assert reader.clicks(url, method="HEAD").status_code == 302
    assert reasons("click") == []


def test_a_future_id_is_not_believed(app, reader):
    making.running()
    creative = db.session.query(Creative).one()
    with app.test_request_context(headers=PERSON, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        g._login_user = Visitor()
        ahead = clock.now() + timedelta(days=1)
        text = visitors.signed(Shown(creative.id, "tracking", visitors.visitor(), ahead, "aa"))
    reader.saw(text)
    assert reasons() == ["forged"]


def test_nobody_fills_the_log_with_what_does_not_count(reader, monkeypatch):
    monkeypatch.setattr(service, "MOST_REJECTED", 3)
    for _ in range(5):
        reader.saw("made up")
    assert reasons() == ["forged"] * 3
    assert db.session.query(AdReason.count).scalar() == 5


def test_a_fact_that_a_room_provides_decides_who_sees_a_campaign(app, reader, as_user, monkeypatch):
    provided = dict(facts.provided())
    monkeypatch.setattr(facts, "_provided", provided)
    silver = [("silver", "Silver"), ("gold", "Gold")]
    facts.provide("tier", "Tier", lambda: silver, lambda user: {"gold"} if user.company_id else ())
    campaign = making.draft()
    maker = as_user(making.make_marketing())
    path = f"/desk/ads/{campaign.ref}/edit/audience"
    assert "Silver" in maker.get(path).text
    maker.post(path, {"fact_tier": ["gold", "platinum"], "hour_from": "0", "hour_to": "24"})
    assert making.reload(campaign).targeting == {"tier": ["gold"]}
    making.add(campaign)
    making.run(campaign)
    assert reader.ask().status_code == 204
    gold = Reader(app, browser=Browser(app).sign_in(make_colleague().email))
    assert gold.ask().status_code == 200
