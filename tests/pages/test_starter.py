"""What a centre begins with: complete in three languages, truthful, and written once."""

import re
from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import transaction
from portal.core.i18n import TAGS
from portal.pages import queries
from portal.pages.models import Page
from portal.pages.queries import desk
from portal.pages.rules import content as contents
from portal.pages.shown import dead_links
from portal.pages.starter.loading import load
from portal.pages.starter.reading import all_written, read
from portal.pages.starter.traditional import traditional

WRITTEN = all_written()
NAMES = [f"{page.kind}-{page.slug}" for page in WRITTEN]


def said(page, tag):
    """Return all that a page says in a language."""
    texts = [*page.content.texts[tag].values()]
    for block in page.content.blocks:
        for holder in (block, *block["items"]):
            texts += holder["texts"][tag].values()
    return "\n".join(texts)


@pytest.mark.parametrize("page", WRITTEN, ids=NAMES)
def test_a_page_is_complete_in_three_languages_and_could_be_published(page):
    assert page.content.languages == list(TAGS)
    assert contents.check_ready(page.kind, page.content) == []


@pytest.mark.parametrize("page", WRITTEN, ids=NAMES)
def test_traditional_chinese_has_no_simplified_character_left(page):
    text = said(page, "zh-Hant")
    assert not re.findall(
        "[“”‘’这们时货运单车务业专东丝两严个丰临为丽举义乌乐习书买乱争亏产亲亿仅从仓仪价众优会传伤伦伪体佣]",
        text,
    )


@pytest.mark.parametrize("page", WRITTEN, ids=NAMES)
def test_english_is_english(page):
    assert not re.findall(r"[\u3400-\u9fff]", said(page, "en"))


def test_every_link_of_the_starting_content_leads_somewhere(app):
    with transaction():
        load(clock.now(), with_examples=True)
    with app.test_request_context():
        dead = {page.slug: [str(e.message) for e in dead_links(page.content)] for page in WRITTEN}
    assert {slug: links for slug, links in dead.items() if links} == {}


def test_the_starting_content_is_written_once(app, db):
    now = clock.now()
    with transaction():
        assert load(now, with_examples=True) == len(WRITTEN)
    with transaction():
        assert load(now, with_examples=True) == 0
    below = queries.children("page", "about", "en")
    assert [head.slug for head in below][:2] == ["departments", "people"]
    assert queries.notices("home", "en", now)[0].slug == "holiday-closing"
    assert queries.notices("home", "en", now + timedelta(days=40)) == []


def test_invented_people_wait_as_drafts_at_a_real_centre(app, db):
    with transaction():
        load(clock.now(), with_examples=False)
    assert queries.published("page", "people", "en") is None
    assert queries.published("page", "about", "en") is not None
    drafts = desk.listed(desk.Filter(state="draft"), None).items
    assert {"people", "history"} <= {row.slug for row in drafts}


def test_the_command_says_what_it_wrote(app):
    reply = app.test_cli_runner().invoke(args=["pages", "starter", "--with-examples"])
    assert f"{len(WRITTEN)} pages written." in reply.output
    assert app.test_cli_runner().invoke(args=["pages", "due"]).output.startswith("0 pages")


def test_a_file_whose_languages_differ_is_refused():
    text = "kind: page\nslug: a\n=== zh-Hans\ntitle: 甲\n::: text\n乙\n=== en\ntitle: A\n"
    with pytest.raises(ValueError, match="differ in their blocks"):
        read(text)


def test_traditional_chinese_uses_the_words_of_its_readers():
    assert traditional("托盘“质量”：10 厘米") == "棧板「品質」：10 公分"


def test_a_page_knows_where_it_stands(app, db):
    with transaction():
        load(clock.now(), with_examples=True)
    about = db.session.query(Page).filter_by(kind="page", slug="about").one()
    people = db.session.query(Page).filter_by(kind="page", slug="people").one()
    assert people.parent_id == about.id
