"""Searching the club: what narrows it, what is marked, who finds what."""

from datetime import timedelta

import pytest

from portal.core import clock, search
from portal.core.db import db
from portal.forum.queries.search import Asked, posts_like
from portal.forum.queries.spaces import profile_of
from portal.forum.rules import snippets
from tests.factories import make_colleague, make_company
from tests.forum.making import make_member, make_reply, make_space, make_topic

pytestmark = pytest.mark.both_databases


@pytest.fixture
def told(app):
    """Return a reader, an author, and two topics of different spaces."""
    author, other = make_member(), make_member()
    here, there = make_space(), make_space()
    one = make_topic(here, author, title="海运拼箱的报关资料", text="装箱单要几份？")
    two = make_topic(there, other, title="Cold chain plates", text="海运拼箱 costs more.")
    make_reply(one, other, "报关单三份，customs asks for originals.")
    return make_member(), author, one, two, here


def found(user, **asked):
    db.session.commit()
    return [(row.ref, row.no) for row in posts_like(user, Asked(**asked)).items]


def test_words_space_author_tag_day_and_title_narrow_it(told):
    user, author, one, two, here = told
    both = {(one.ref, 1), (two.ref, 1)}
    assert set(found(user, text="海运拼箱")) == both
    assert found(user, text="海运拼箱", space=here.slug) == [(one.ref, 1)]
    handle = profile_of(author).handle
    assert found(user, text="海运拼箱", by=f"@{handle}") == [(one.ref, 1)]
    assert found(user, text="海运拼箱", by="nobody") == []
    assert found(user, text="海运拼箱", titles=True) == [(one.ref, 1)]
    assert set(found(user, text="海运拼箱", tag="冷链")) == both
    assert found(user, text="海运拼箱", tag="ocean") == []
    tomorrow = (clock.now() + timedelta(days=2)).date()
    assert found(user, text="海运拼箱", since=tomorrow) == []
    assert found(user, by=handle) == [(one.ref, 1)]
    assert found(user) == []


def test_what_is_nearest_comes_first_or_what_is_newest(told):
    user, _author, one, two, _here = told
    assert found(user, text="海运拼箱")[0] == (one.ref, 1)
    assert found(user, text="海运拼箱", sort="newest")[0] == (two.ref, 1)
    assert found(user, text="custom") == [(one.ref, 2)]


def test_traditional_characters_and_capitals_find_the_same(told):
    user, _author, one, *_ = told
    assert (one.ref, 1) in found(user, text="報關資料")
    assert found(user, text="CUSTOMS ORIGINALS") == [(one.ref, 2)]


def test_pages_follow_one_another_without_gaps(app):
    user, space = make_member(), make_space()
    topic = make_topic(space, user, text="旺季涨价")
    for _ in range(44):
        make_reply(topic, user, "旺季涨价")
    for sort in ("newest", "relevance"):
        seen, after = [], None
        while True:
            db.session.commit()
            page = posts_like(user, Asked(text="旺季涨价", sort=sort), after=after)
            seen += [row.no for row in page.items]
            if (after := page.next) is None:
                break
        assert sorted(seen) == list(range(1, 46))


def test_a_page_shows_the_words_marked_and_what_was_asked(told, as_user):
    browser = as_user(make_colleague(make_company()))
    page = browser.get("/club/search?q=拼箱&by=@none&since=2020-13-45&sort=x").text
    assert "No post fits" in page
    page = browser.get("/club/search?q=海运拼箱&titles=1&sort=newest").text
    assert "<mark>海运拼箱</mark>的报关资料" in page
    assert 'value="newest" selected' in page


@pytest.mark.parametrize("text", ["<b>x</b> 冷链", "**冷链** [a](b)", "冷链" * 300])
def test_a_snippet_is_text_around_the_words(text):
    pieces = snippets.snippet(snippets.plain(text), search.query("冷链"))
    said = "".join(piece.text for piece in pieces)
    assert any(piece.is_found and "冷链" in piece.text for piece in pieces)
    assert len(said) <= snippets.LENGTH + 8
