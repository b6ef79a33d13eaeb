"""What readers get: the best language, lists, notices, search, and how little it costs."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.errors import Invalid
from portal.pages import queries
from portal.pages.queries import desk
from tests.counting.conftest import statements
from tests.pages.conftest import make_content

__all__ = ["statements"]
pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize(
    ("written", "reader", "read"),
    [
        (("zh-Hans", "en"), "en", "en"),
        (("zh-Hans", "en"), "zh-Hant", "zh-Hans"),
        (("zh-Hant", "en"), "zh-Hans", "zh-Hant"),
        (("zh-Hans",), "en", "zh-Hans"),
    ],
)
def test_a_page_is_read_in_the_best_language_there_is(shown, written, reader, read):
    shown(slug="one", languages=written)
    found = queries.published("page", "one", reader)
    assert (found.lang, found.title) == (read, f"Title {read}")
    assert found.blocks[0].text["body"] == f"words {read}"


def test_a_language_with_a_block_missing_is_not_shown_half(shown):
    content = make_content("one")
    del content.blocks[0]["texts"]["en"]
    shown(content=content)
    assert queries.published("page", "one", "en").lang == "zh-Hans"


def test_news_come_newest_first_and_go_on_by_cursor(shown, monkeypatch):
    at = clock.now()
    for day in range(5):
        monkeypatch.setattr(clock, "now", lambda day=day: at + timedelta(days=day))
        shown("news", slug=f"day-{day}")
    first = queries.published_list("news", "en", limit=3)
    rest = queries.published_list("news", "en", after=first.next, limit=3)
    assert [head.slug for head in first.items] == ["day-4", "day-3", "day-2"]
    assert [head.slug for head in rest.items] == ["day-1", "day-0"]
    assert rest.next is None


@pytest.mark.parametrize("cursor", ["nonsense", "WyIyMDI2IiwxXQ", "WyJ4IiwxXQ"])
def test_a_cursor_that_is_not_ours_is_refused(shown, cursor):
    with pytest.raises(Invalid):
        queries.published_list("news", "en", after=cursor)


def test_pages_below_a_page_come_in_their_order(shown):
    above = shown(slug="about")
    for place, slug in ((2, "people"), (1, "departments")):
        shown(slug=slug, parent_id=above.id, position=place)
    found = queries.children("page", "about", "en")
    assert [head.path for head in found] == ["/about/departments", "/about/people"]
    assert queries.published("page", "people", "en").parent.title == "Title en"


def test_a_notice_is_shown_where_it_belongs_while_it_is_valid(shown):
    now = clock.now()
    begins, ends = (now + timedelta(hours=1)).isoformat(), (now + timedelta(hours=3)).isoformat()
    shown("notice", slug="n", places=["home", "track"], valid_from=begins, valid_until=ends)
    later = now + timedelta(hours=2)
    assert queries.notices("home", "en") == []
    assert [notice.slug for notice in queries.notices("track", "en", later)] == ["n"]
    assert queries.notices("contact", "en", later) == []
    assert queries.notices("home", "en", now + timedelta(hours=4)) == []


def test_a_page_is_found_by_words_of_any_language(shown):
    shown(slug="cold", text="冷链温度 temperature")
    assert [head.slug for head in queries.search_pages("温度", "en")] == ["cold"]
    assert [head.slug for head in queries.search_pages("溫度", "zh-Hant")] == ["cold"]
    assert [head.slug for head in queries.search_pages("temper", "en")] == ["cold"]
    assert queries.search_pages("nothing", "en") == []


def test_a_draft_is_found_by_nobody(draft, shown, moved):
    draft(slug="secret", text="secret")
    page = shown(slug="public", text="public")
    assert queries.search_pages("secret", "en") == []
    moved(page, "archive")
    assert queries.search_pages("public", "en") == []


def test_the_site_map_names_what_is_published(shown, draft):
    shown("news", slug="told")
    draft("news", slug="untold")
    assert [path for path, _languages, _at in queries.sitemap()] == ["/news/told"]


def test_reading_costs_one_statement_whatever_there_is(shown, statements):
    above = shown(slug="about")
    for number in range(6):
        shown(slug=f"below-{number}", parent_id=above.id)
        shown("notice", slug=f"n-{number}", places=["home"])
    for read in (
        lambda: queries.published("page", "below-1", "en"),
        lambda: queries.published_list("notice", "en"),
        lambda: queries.children("page", "about", "en"),
        lambda: queries.notices("home", "en"),
        lambda: queries.moved_to("page", "nowhere"),
        queries.sitemap,
    ):
        with statements() as seen:
            read()
        assert len(seen) == 1, seen


def test_the_list_of_the_desk_costs_one_statement(shown, statements):
    for _number in range(4):
        shown()
    with statements() as seen:
        assert len(desk.listed(desk.Filter(), None).items) == 4
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "news"}, {"b"}),
        ({"state": "draft"}, {"c"}),
        ({"lacks": "en"}, {"b"}),
        ({"lacks": "zh-Hant"}, set()),
        ({"q": "Title zh-Hant"}, {"a", "b", "c"}),
        ({"q": "%"}, set()),
        ({"kind": "no such", "state": "'"}, {"a", "b", "c"}),
    ],
)
def test_the_list_is_narrowed_by_its_filters(shown, draft, asked, found):
    shown(slug="a")
    shown("news", slug="b", languages=("zh-Hans", "zh-Hant"))
    draft(slug="c")
    rows = desk.listed(desk.Filter.of(asked), None).items
    assert {row.slug for row in rows} == found


def test_the_list_goes_on_by_cursor(draft):
    for _number in range(5):
        draft()
    first = desk.listed(desk.Filter(), None, 3)
    rest = desk.listed(desk.Filter(), first.next, 3)
    assert len({row.id for row in [*first.items, *rest.items]}) == 5
