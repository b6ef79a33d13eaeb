"""What readers see of what editors do: notices, moved pages, other languages, the kept home page."""

import re
from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db, transaction
from portal.pages.friends.models import Friend, FriendGroup
from tests.conftest import Browser
from tests.factories import make_colleague
from tests.pages.conftest import make_content, publish, rewrite

NOTICE = "Title en"


@pytest.fixture(autouse=True)
def answers(app):
    """Return the kept answers, of which there are none yet."""
    answers = app.extensions["kept answers"]
    for key in list(answers._kept):
        answers._forget(key)
    return answers


@pytest.fixture
def notice(shown):
    """``notice(*places)`` publishes one that is valid now."""

    def make(*places, begins=timedelta(hours=-1), ends=timedelta(hours=1)):
        now = clock.now()
        times = {"valid_from": now + begins, "valid_until": now + ends}
        texts = {name: at.isoformat() for name, at in times.items()}
        return shown("notice", places=list(places), **texts)

    return make


@pytest.mark.parametrize(
    ("place", "there", "elsewhere"),
    [
        ("home", "/", "/contact"),
        ("track", "/track", "/"),
        ("services", "/services", "/about"),
        ("services", "/estimate", "/messages"),
        ("contact", "/contact", "/services"),
        ("contact", "/messages", "/track"),
    ],
)
def test_a_notice_is_read_on_the_pages_it_concerns_and_on_no_other(
    notice, browser, place, there, elsewhere
):
    notice(place)
    assert "notice-strip" in browser.get(there).text
    assert NOTICE in browser.get(there).text
    assert "notice-strip" not in browser.get(elsewhere).text


def test_members_read_theirs_in_the_member_area(notice, as_user):
    notice("member")
    assert "notice-strip" in as_user(make_colleague()).get("/portal").text


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(timedelta(hours=1), timedelta(hours=2)), (timedelta(hours=-2), timedelta(hours=-1))],
)
def test_a_notice_is_read_only_while_it_is_valid(notice, browser, begins, ends):
    page = notice("home", begins=begins, ends=ends)
    assert "notice-strip" not in browser.get("/").text
    assert browser.get(f"/notices/{page.slug}").status_code == 404
    assert page.slug not in browser.get("/sitemap.xml").text


@pytest.mark.parametrize("kind", ["page", "news", "service", "notice"])
def test_what_is_not_published_is_nowhere(draft, browser, kind):
    now = clock.now()
    times = {"valid_from": now.isoformat(), "valid_until": (now + timedelta(hours=1)).isoformat()}
    more = {"places": ["home"], **times} if kind == "notice" else {}
    page = draft(kind, slug="secret-plan", text="hush", **more)
    root = {"page": "pages", "news": "news", "service": "services", "notice": "notices"}[kind]
    assert browser.get(f"/{root}/{page.slug}").status_code == 404
    for path in ("/", "/news", "/services", "/sitemap.xml", "/news.xml"):
        text = browser.get(path).text
        assert "secret-plan" not in text
        assert "hush" not in text


def test_a_page_that_moved_is_found_at_its_old_address(shown, staff, browser):
    page = shown("news", slug="before")
    rewrite(page.id, make_content("after"), by=staff.writer)
    publish(page.id, staff)
    reply = browser.get("/news/before")
    assert (reply.status_code, reply.headers["Location"]) == (301, "/news/after")
    assert browser.get("/news/after").status_code == 200


def test_a_page_of_another_language_says_so_and_is_marked(shown, browser):
    shown("news", slug="only-chinese", languages=("zh-Hans",))
    page = browser.get("/news/only-chinese?lang=en").text
    assert "written in Simplified Chinese only" in page
    assert re.search(r'<div class="writing" lang="zh-Hans"', page)
    assert 'hreflang="zh-Hans"' in page
    assert 'rel="alternate" hreflang="en"' not in page
    listed = browser.get("/news?lang=en").text
    assert 'lang="zh-Hans"' in listed


@pytest.mark.parametrize("cursor", ["nonsense", "WyJ4IiwxXQ", "x" * 5000])
def test_a_list_of_news_takes_no_nonsense(browser, cursor):
    assert browser.get(f"/news?after={cursor}").status_code in (400, 422)


def test_news_go_on_by_cursor_to_the_last(shown, browser):
    for number in range(14):
        shown("news", slug=f"item-{number}")
    first = browser.get("/news").text
    more = re.search(r'href="(/news\?after=[^"]+)"', first)[1].replace("&amp;", "&")
    slugs = set(re.findall(r"/news/(item-\d+)", first + browser.get(more).text))
    assert len(slugs) == 14


# ---- the kept home page ----


@pytest.fixture
def renders(app, monkeypatch):
    """Note each answer that Flask made, rather than one that was kept."""
    made, inner = [], app.extensions["kept answers"]._inner

    def note(environ, start):
        made.append(environ["PATH_INFO"])
        return inner(environ, start)

    monkeypatch.setattr(app.extensions["kept answers"], "_inner", note)
    return made


def test_home_is_made_once_for_all_visitors(app, renders):
    texts = [Browser(app).get("/?".rstrip("?")).text for _ in range(3)]
    assert renders == ["/"]
    nonces = {re.search('nonce="([^"]+)"', text)[1] for text in texts}
    assert len(nonces) == 3


def test_home_shows_what_is_published_at_once(shown, staff, browser):
    browser.get("/")
    page = shown("news", slug="fresh")
    assert "/news/fresh" in browser.get("/").text
    rewrite(page.id, make_content("fresher"), by=staff.writer)
    assert "/news/fresher" not in browser.get("/").text
    publish(page.id, staff)
    assert "/news/fresher" in browser.get("/").text


def test_home_forgets_a_notice_the_moment_it_is_over(notice, browser, monkeypatch):
    notice("home")
    assert "notice-strip" in browser.get("/").text
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "notice-strip" not in browser.get("/").text


def test_home_is_made_anew_after_a_minute(browser, renders, monkeypatch):
    browser.get("/")
    monkeypatch.setattr("portal.core.kept.KEPT_S", 0.0)
    browser.get("/")
    assert renders == ["/", "/"]


def test_home_of_one_is_never_shown_to_another(app, as_user):
    member = as_user(make_colleague(name="Somebody Special"))
    assert "Somebody Special" in member.get("/").text
    stranger = Browser(app)
    assert "Somebody Special" not in stranger.get("/").text
    stranger.client.set_cookie("lang", "zh-Hant")
    assert 'lang="zh-Hant"' in stranger.get("/").text
    assert 'lang="en"' in Browser(app).get("/").text
    assert "Somebody Special" in member.get("/").text


def test_home_comes_packed_to_who_takes_it(app, browser):
    plain = browser.get("/").data
    packed = browser.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain) / 2
    assert "Accept-Encoding" in packed.headers.getlist("Vary")
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert "Content-Encoding" not in browser.get("/").headers


def test_home_shows_a_link_as_soon_as_it_is_listed(app, browser):
    from_editors = {"state": "listed", "url": "https://partner.example/", "name": "Partner House"}
    assert "Partner House" not in browser.get("/").text
    with transaction():
        group = FriendGroup(position=1, names={"en": "Carriers"})
        db.session.add(group)
        db.session.flush()
        now = clock.now()
        link = Friend(ref="F1", group_id=group.id, spam_reasons=[], proposed_at=now, **from_editors)
        db.session.add(link)
    assert "Partner House" in browser.get("/").text
    with transaction():
        db.session.get(Friend, link.id).name = "Partner Hall"
    assert "Partner Hall" in browser.get("/").text
