"""How advertisements stand in pages, what their frames may do, and what follows a click."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import attribution, clock, jobs
from portal.core.db import db, transaction
from portal.promotion import upkeep
from portal.promotion.models import AdConversion, AdCount, AdHit, Campaign, Creative
from portal.promotion.queries import roster
from tests.conftest import Browser
from tests.factories import make_colleague, make_company, make_consignment
from tests.promotion import making
from tests.promotion.making import PERSON


def test_a_page_holds_a_creative_that_works_without_a_script(app, browser):
    making.running()
    page = browser.get(f"/track/{make_consignment().no}", headers=PERSON)
    assert 'data-ad="tracking"' in page.text
    assert "Crates by the day" in page.text
    assert "绿箱租赁" in page.text
    assert "Set-Cookie" not in page.headers
    link = page.text.split('class="ad-link')[1].split('href="')[1].split('"')[0]
    assert browser.get(link, headers=PERSON).location == "https://crates.example/offer?a=1"


def test_a_page_that_is_kept_holds_nothing_of_one_reader(app, browser):
    making.running()
    path = f"/track/{make_consignment().no}"
    one = browser.get(path, headers=PERSON).text
    other = Browser(app).get(path, headers={"User-Agent": "Another browser 1.0"}).text
    link = one.split('class="ad-link')[1].split('href="')[1].split('"')[0]
    assert link in other


def test_no_campaign_leaves_no_trace_in_the_page(app, browser, as_user):
    company = make_company()
    no = make_consignment(company).no
    assert "data-ad" not in browser.get(f"/track/{no}").text
    assert "data-ad" not in as_user(make_colleague(company)).get("/portal").text


def test_members_see_theirs_and_staff_see_none(app, as_user):
    making.running(making.text_creative(zones=["member_home", "tracking"]))
    company = make_company()
    no = make_consignment(company).no
    assert as_user(make_colleague(company)).get("/portal").text.count("data-ad=") == 1
    assert "data-ad=" not in as_user(making.make_marketing()).get(f"/track/{no}").text


def test_a_page_has_one_advertisement_however_many_places(app):
    making.running(making.text_creative(zones=["home_hero", "side"]))
    with app.test_request_context("/"):
        template = app.jinja_env.from_string(
            '{{ ad("strip") }}{{ ad("side") }}{{ ad("home_hero") }}'
        )
        html = template.render()
    assert html.count("data-ad=") == 1
    assert 'data-ad="side"' in html  # the first place for which there is one


def test_a_stopped_campaign_is_gone_at_once_in_this_process(app, as_user, browser):
    campaign = making.running()
    manager = as_user(making.make_marketing())
    manager.post(f"/desk/ads/{campaign.ref}/move", {"state": "paused"})
    assert browser.get("/api/v1/ad/tracking", headers=PERSON).status_code == 204


def test_an_animation_is_shut_into_its_frame(app, browser):
    making.running(making.html_creative())
    creative = db.session.query(Creative).one()
    frame = browser.get(f"/advertising/frames/{creative.media}", buffered=True)
    assert frame.data == making.HTML
    policy = frame.headers["Content-Security-Policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["sandbox"] == "allow-scripts"
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'unsafe-inline'"
    assert rules["img-src"] == "data:"
    assert rules["frame-ancestors"] == "'self'"
    assert frame.headers["X-Content-Type-Options"] == "nosniff"
    shown = browser.get("/api/v1/ad/tracking", headers=PERSON).json["html"]
    assert 'sandbox="allow-scripts"' in shown
    assert "allow-same-origin" not in shown
    assert 'title="Crates"' in shown
    plain = browser.get(f"/advertising/files/{creative.media}", buffered=True)
    assert plain.status_code == 404  # never as a page without its frame's policy


def test_the_fallback_of_an_animation_is_its_picture(app, browser):
    making.running(making.html_creative())
    page = browser.get(f"/track/{make_consignment().no}", headers=PERSON).text
    assert "<iframe" not in page
    assert 'class="ad-still"' in page


def test_files_of_what_is_not_shown_are_for_the_desk_alone(app, browser, as_user):
    campaign = making.draft()
    creative = making.add(campaign, making.html_creative())
    for path in (f"files/{creative.picture}", f"frames/{creative.media}"):
        assert browser.get(f"/advertising/{path}", buffered=True).status_code == 404
        assert (
            as_user(make_colleague()).get(f"/advertising/{path}", buffered=True).status_code == 404
        )
        assert (
            as_user(making.make_marketing()).get(f"/advertising/{path}", buffered=True).status_code
            == 200
        )
    making.run(campaign)
    assert (
        browser.get(f"/advertising/files/{creative.picture}", buffered=True).mimetype
        == "image/jpeg"
    )


@pytest.mark.parametrize("key", ["x", "../../etc/passwd", "0" * 32, "%00", "A" * 32])
def test_a_file_that_is_none_is_not_there(browser, as_user, key):
    for way in ("files", "frames"):
        assert browser.get(f"/advertising/{way}/{key}", buffered=True).status_code == 404
        assert as_user(making.make_marketing()).get(f"/advertising/{way}/{key}").status_code == 404


def test_a_video_is_sent_in_parts(app, browser):
    media = making.files.keep(b"\0\0\0\x20ftypisom" + bytes(2000), "video/mp4").key
    making.running(making.image_creative(kind="video", media=media, media_type="video/mp4"))
    part = browser.get(
        f"/advertising/files/{media}", headers={"Range": "bytes=0-99"}, buffered=True
    )
    assert part.status_code == 206
    assert len(part.data) == 100
    html = browser.get("/api/v1/ad/tracking", headers=PERSON).json["html"]
    assert " muted" in html
    assert " controls" in html
    assert "autoplay" not in html


def test_words_of_an_advertiser_are_only_text(app, browser):
    evil = '"><script>alert(1)</script>'
    words = {"en": {"headline": evil, "line": "{{ 7*7 }}"}}
    making.running(making.text_creative(words=words), advertiser=f"A{evil}")
    page = browser.get(f"/track/{make_consignment().no}", headers=PERSON).text
    assert "<script>alert(1)" not in page
    assert "{{ 7*7 }}" in page


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_everybody_can_read_how_we_count(browser, language):
    page = browser.get("/advertising", headers={"Accept-Language": language})
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text
    assert "Set-Cookie" not in page.headers


# ---- what follows a click ----


def click(browser) -> Campaign:
    """Click the advertisement without a script; return its campaign."""
    campaign = making.running()
    page = browser.get(f"/track/{make_consignment().no}", headers=PERSON).text
    link = page.split('class="ad-link')[1].split('href="')[1].split('"')[0]
    answer = browser.get(link, headers=PERSON)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=2592000" in cookie
    return campaign


def noted(app, browser, kind="inquiry", ref="M-1") -> None:
    """Note an inquiry in a request of this browser, and let the worker do what is owed."""
    cookie = browser.client.get_cookie(attribution.COOKIE)
    value = f"{attribution.COOKIE}={cookie.value}" if cookie else ""
    with app.test_request_context(headers={"Cookie": value}), transaction():
        attribution.note(kind, ref)
    while jobs.run_once():
        pass
    db.session.rollback()


def conversions() -> list[tuple[str, str]]:
    return [tuple(row) for row in db.session.execute(select(AdConversion.kind, AdConversion.ref))]


def test_an_inquiry_after_a_click_counts_once(app, browser):
    campaign = click(browser)
    noted(app, browser)
    noted(app, browser)
    assert conversions() == [("inquiry", "M-1")]
    row = db.session.execute(select(AdCount.inquiries).where(AdCount.inquiries > 0)).scalar_one()
    assert row == 1
    assert campaign.window_days == 7


def test_without_a_click_nothing_is_owed(app, browser):
    noted(app, browser)
    assert db.session.query(jobs.Job).count() == 0
    with app.app_context(), transaction():
        attribution.note("application", "A-1")  # outside a request


def test_after_its_window_a_click_counts_for_nothing(app, browser, monkeypatch):
    click(browser)
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(days=8))
    noted(app, browser)
    assert conversions() == []


def test_a_cookie_that_we_did_not_sign_counts_for_nothing(app, browser):
    making.running()
    browser.client.set_cookie(attribution.COOKIE, "W1sxLDEsInRyYWNraW5nIiwxXV0.forged")
    noted(app, browser)
    assert conversions() == []


def test_a_robots_click_is_not_remembered(app, browser):
    making.running()
    shown = browser.get("/api/v1/ad/tracking", headers={"User-Agent": "curl/8.5.0"}).json
    answer = browser.get(shown["click"], headers={"User-Agent": "curl/8.5.0"})
    assert "Set-Cookie" not in answer.headers


# ---- what the clock does ----


def test_campaigns_end_by_the_clock_and_when_all_is_delivered(app):
    now = clock.now()
    over = making.running()
    done = making.running(booked=5)
    later = making.running()
    with transaction():
        db.session.get(Campaign, over.id).ends_at = now - timedelta(minutes=1)
        db.session.get(Campaign, done.id).delivered = 5
    upkeep.tidy()
    assert making.reload(over).state == making.reload(done).state == "ended"
    assert making.reload(later).state == "running"
    assert len(roster.now().entries) == 1


def test_a_campaign_begins_on_its_day(app, monkeypatch):
    campaign = making.running(starts_at=clock.now() + timedelta(days=2))
    assert campaign.state == "approved"
    upkeep.tidy()
    assert making.reload(campaign).state == "approved"
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(days=3))
    upkeep.tidy()
    assert making.reload(campaign).state == "running"


def test_single_views_go_after_ninety_days_and_the_sums_stay(app, browser, monkeypatch):
    making.running()
    shown = browser.get("/api/v1/ad/tracking", headers=PERSON).json
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(seconds=3))
    browser.post("/api/v1/ad/view", json={"impression": shown["impression"]}, headers=PERSON)
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(days=91))
    upkeep.tidy()
    db.session.rollback()
    assert db.session.query(AdHit).count() == 0
    assert db.session.query(AdCount).one().valid_views == 1
