"""The desk's pages of advertising: the way of a campaign by HTTP, strangers, sheets."""

import io
from datetime import date, timedelta

import pytest

from portal.core.db import db, write
from portal.promotion import visitors
from portal.promotion.models import Campaign, Creative
from portal.promotion.queries import roster
from portal.promotion.service import counting
from tests.factories import make_colleague, make_dispatcher, make_person
from tests.promotion import making

DAY = date.today()  # noqa: DTZ011 - only goes into a form


def begin(browser) -> str:
    """Fill the first three steps; return the campaign's reference."""
    answer = browser.post(
        "/desk/ads/new",
        {
            "advertiser": "绿箱租赁",
            "title": "Crates",
            "address": "https://crates.example/",
            "starts_on": str(DAY),
            "window_days": "7",
        },
    )
    assert answer.status_code == 302, answer.text
    ref = answer.location.split("/")[3]
    values = {"ends_on": str(DAY + timedelta(days=30)), "booked": "9000", "cap": "3"}
    answer = browser.post(
        f"/desk/ads/{ref}/edit/delivery", {**values, "priority": "2", "weight": "20"}
    )
    assert answer.location.endswith("/edit/audience"), answer.text
    answer = browser.post(
        f"/desk/ads/{ref}/edit/audience",
        {"audience": "visitor", "language": ["en", "zh-Hans"], "hour_from": "22", "hour_to": "6"},
    )
    assert answer.location.endswith("/creatives"), answer.text
    return ref


def test_a_campaign_goes_from_draft_to_its_end_by_two_people(app, as_user, browser):
    maker, other = (as_user(make_person(staff_role="manager")) for _ in range(2))
    ref = begin(maker)
    assert (
        "at least one creative"
        in maker.post(f"/desk/ads/{ref}/move", {"state": "in_review"}, follow_redirects=True).text
    )
    sent = {
        "name": "A",
        "zones": ["tracking", "side"],
        "weight": "10",
        "alt_en": "Crates",
        "picture": (io.BytesIO(making.picture()), "ad.png"),
    }
    answer = maker.post(f"/desk/ads/{ref}/creatives/new?kind=image", sent)
    assert answer.status_code == 302, answer.text
    shown = maker.get(f"/desk/ads/{ref}/creatives").text
    assert 'data-ad="tracking"' in shown
    assert 'data-ad="side"' in shown
    assert "another shape" in shown  # 6 : 1 in a zone of 3 : 1
    maker.post(f"/desk/ads/{ref}/move", {"state": "in_review"})
    assert "somebody else must approve it" in maker.get(f"/desk/ads/{ref}").text
    maker.post(f"/desk/ads/{ref}/move", {"state": "approved"})
    assert state_of(ref) == "in_review"
    other.post(f"/desk/ads/{ref}/move", {"state": "approved"})
    assert state_of(ref) == "running"
    for wanted in ("paused", "running", "ended"):
        maker.post(f"/desk/ads/{ref}/move", {"state": wanted})
        assert state_of(ref) == wanted
    page = other.get(f"/desk/ads/{ref}").text
    assert "Draft → In review" in page
    assert "Paused → Running" in page


def state_of(ref: str) -> str:
    db.session.rollback()
    return db.session.query(Campaign.state).filter_by(ref=ref).scalar()


def test_what_was_chosen_is_kept_and_shown_again(app, as_user):
    maker = as_user(making.make_marketing())
    ref = begin(maker)
    campaign = db.session.query(Campaign).filter_by(ref=ref).one()
    assert (
        campaign.targeting
        == {
            "audience": ["visitor"],
            "language": ["zh-Hans", "en"],
            "hour": ["22", "23", "0", "1", "2", "3", "4", "5"],
        }
        or campaign.targeting["hour"][0] == "22"
    )
    page = maker.get(f"/desk/ads/{ref}/edit/audience").text
    assert '<option selected value="22">' in page
    assert '<option selected value="6">' in page
    assert "22:00–06:00" in maker.get(f"/desk/ads/{ref}").text
    assert 'value="9000"' in maker.get(f"/desk/ads/{ref}/edit/delivery").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "javascript:alert(1)"),
        ("address", "//evil.example"),
        ("address", "https://user:pass@evil.example/"),
        ("address", "ftp://files.example/"),
        ("address", "https://"),
        ("advertiser", ""),
        ("advertiser", "\u202eevil"),
        ("starts_on", "soon"),
        ("window_days", "0"),
        ("window_days", "9" * 40),
    ],
)
def test_what_cannot_be_is_said_at_its_field(app, as_user, field, value):
    values = {
        "advertiser": "A",
        "title": "B",
        "address": "https://a.example/",
        "starts_on": str(DAY),
        "window_days": "7",
    }
    answer = as_user(making.make_marketing()).post("/desk/ads/new", values | {field: value})
    assert answer.status_code == 422
    assert f'id="{field}-e"' in answer.text


@pytest.mark.parametrize(
    ("kind", "name", "data"),
    [
        ("image", "picture", b"<svg onload=alert(1)>"),
        ("image", "picture", b"MZ\x90\x00 not a picture"),
        ("html5", "media", b"<html><iframe src='https://evil.example'></iframe>"),
        ("html5", "media", b"<html><script src=//evil.example/x.js></script>"),
        ("html5", "media", b"<html>" + b"x" * 210_000),
        ("html5", "media", b"\xff\xfe\x00<html>"),
        ("video", "media", b"<html><script>alert(1)</script>"),
        ("video", "media", b"ID3\x03\x00\x00 a sound"),
        ("sound", "media", b"\x00\x00\x00\x20ftypisom"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused(app, as_user, kind, name, data):
    maker = as_user(making.make_marketing())
    ref = begin(maker)
    sent = {"name": "A", "zones": "side", "weight": "10", "alt_en": "Crates"}
    sent["picture"] = (io.BytesIO(making.picture(900, 300)), "a.png")
    sent[name] = (io.BytesIO(data), "good.png")
    answer = maker.post(f"/desk/ads/{ref}/creatives/new?kind={kind}", sent)
    assert answer.status_code == 422
    assert f'id="{name}-e"' in answer.text
    assert db.session.query(Creative).count() == 0


def test_nobody_without_the_right_reaches_a_campaign(app, as_user, browser):
    ref = making.running().ref
    paths = ["/desk/ads/", "/desk/ads/report", "/desk/ads/report.csv", "/desk/ads/new"]
    paths += [
        f"/desk/ads/{ref}{more}" for more in ("", "/edit/delivery", "/creatives", "/report.csv")
    ]
    for path in paths:
        assert browser.get(path, buffered=True).status_code == 302, path
        for person in (make_colleague(), make_dispatcher()):
            assert as_user(person).get(path, buffered=True).status_code == 403, path


def test_a_reference_that_does_not_exist_looks_missing(app, as_user):
    maker = as_user(making.make_marketing())
    for ref in ("AD-9999", "x" * 300, "%00", "'"):
        assert maker.get(f"/desk/ads/{ref}").status_code == 404
        assert maker.post(f"/desk/ads/{ref}/move", {"state": "ended"}).status_code == 404


def test_the_creative_of_another_campaign_looks_missing(app, as_user):
    one, other = making.draft(), making.draft()
    creative = making.add(one)
    maker = as_user(making.make_marketing())
    assert maker.get(f"/desk/ads/{one.ref}/creatives/{creative.id}").status_code == 200
    assert maker.get(f"/desk/ads/{other.ref}/creatives/{creative.id}").status_code == 404
    answer = maker.post(f"/desk/ads/{other.ref}/creatives/{creative.id}/remove")
    assert answer.status_code == 404


def test_only_a_draft_changes_what_was_approved(app, as_user):
    campaign = making.running()
    creative = db.session.query(Creative).one()
    maker = as_user(making.make_marketing())
    answer = maker.post(
        f"/desk/ads/{campaign.ref}/edit/campaign",
        {
            "advertiser": "Other",
            "title": "T",
            "address": "https://evil.example/",
            "starts_on": str(DAY),
            "window_days": "7",
        },
    )
    assert answer.status_code == 422
    assert maker.post(f"/desk/ads/{campaign.ref}/creatives/{creative.id}/remove").status_code == 409
    assert making.reload(campaign).address == "https://crates.example/offer?a=1"
    maker.post(f"/desk/ads/{campaign.ref}/move", {"state": "paused"})
    maker.post(f"/desk/ads/{campaign.ref}/move", {"state": "draft"})
    maker.post(f"/desk/ads/{campaign.ref}/creatives/{creative.id}/remove")
    db.session.rollback()
    assert db.session.get(Creative, creative.id).is_off  # it was approved once: its figures stay
    assert roster.now().cards == {}


def test_what_a_sheet_would_execute_is_only_text(app, as_user):
    campaign = making.running(advertiser="=HYPERLINK(1)", address="https://a.example/")
    creative = db.session.query(Creative).one()
    from_counting(campaign.id, creative.id)
    sheet = as_user(making.make_marketing()).get(
        f"/desk/ads/{campaign.ref}/report.csv", buffered=True
    )
    assert sheet.headers["Content-Type"].startswith("text/csv")
    assert "'=HYPERLINK(1)" in sheet.text
    assert ',"=' not in sheet.text


def from_counting(campaign: int, creative: int) -> None:
    key = (visitors.today(), campaign, creative, "tracking")
    write(lambda on: counting.add({key: {"served": 9, "views": 5, "valid_views": 4}}, on=on))


def test_reports_answer_to_any_address(app, as_user):
    campaign = making.running()
    maker = as_user(making.make_marketing())
    for query in (
        "from=x&to=y",
        "from=9999-12-31&to=0001-01-01",
        "from=2020-01-01&to=2026-12-31",
        "zone=no&creative=²",
        "creative=99999999999999999999",
        "zone=%00",
    ):
        assert maker.get(f"/desk/ads/{campaign.ref}?{query}").status_code == 200, query
        assert maker.get(f"/desk/ads/report?{query}").status_code == 200, query
        assert maker.get(f"/desk/ads/?{query}&q=%00&state=x").status_code == 200, query


def test_a_new_campaign_is_offered_with_what_is_usual(as_user):
    page = as_user(making.make_marketing()).get("/desk/ads/new").text
    assert 'value="7"' in page
    assert f'value="{DAY:%Y-%m}' in page
