"""Who may bring a page how far: by the rules alone, and with a database behind them."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.errors import Forbidden, Invalid, Refused
from portal.pages.queries import desk, moved_to, published
from portal.pages.rules import lifecycle as rules
from portal.pages.rules.lifecycle import MOVES, Standing, State
from portal.pages.service import lifecycle
from portal.pages.service.writing import Overtaken
from tests.pages.conftest import make_content, publish, rewrite, step
from workers import pages as worker

pytestmark = pytest.mark.both_databases
WRITES, PUBLISHES = {"pages.edit"}, {"pages.edit", "pages.publish"}
ALL = [(state, verb) for state in State for verb in MOVES]


def standing(state, *, is_shown=True, writer_id=7):
    return Standing(State(state), is_shown, writer_id)


@pytest.mark.parametrize(("state", "verb"), ALL)
def test_each_state_allows_the_verbs_of_the_table_and_no_other(state, verb):
    allowed = state in MOVES[verb].sources
    found = verb in rules.possible(standing(state), by=1, may=PUBLISHES.__contains__)
    assert found is allowed


@pytest.mark.parametrize("verb", sorted(MOVES))
def test_a_verb_takes_its_right(verb):
    source = min(MOVES[verb].sources)
    with pytest.raises(Forbidden):
        rules.advance(standing(source), verb, by=1, may=lambda right: right != MOVES[verb].right)


@pytest.mark.parametrize("verb", ["publish", "schedule"])
def test_nobody_publishes_what_he_wrote_himself(verb):
    with pytest.raises(Refused, match="Somebody else has to publish it"):
        rules.advance(standing("in_review"), verb, by=7, may=PUBLISHES.__contains__)


def test_what_nobody_sees_cannot_be_archived():
    with pytest.raises(Refused):
        rules.advance(
            standing("draft", is_shown=False), "archive", by=1, may=PUBLISHES.__contains__
        )


def test_a_page_goes_from_its_draft_to_its_readers(draft, staff):
    page = draft(slug="one")
    assert published("page", "one", "en") is None
    assert step(page.id, "submit", staff.writer).state == "in_review"
    assert published("page", "one", "en") is None
    assert step(page.id, "publish", staff.editor).state == "published"
    assert published("page", "one", "en").title == "Title en"


def test_readers_keep_the_old_version_while_a_newer_one_is_written(shown, staff):
    page = shown(slug="one", text="old")
    rewrite(page.id, make_content("one", text="new"), staff.writer)
    assert desk.page_by_id(page.id).state == "draft"
    assert published("page", "one", "en").blocks[0].text["body"] == "old en"
    publish(page.id, staff)
    assert published("page", "one", "en").blocks[0].text["body"] == "new en"


def test_whoever_changes_a_page_in_review_cannot_publish_it(draft, staff):
    page = draft()
    step(page.id, "submit", staff.writer)
    rewrite(page.id, make_content("changed"), staff.editor)
    step(page.id, "submit", staff.editor)
    with pytest.raises(Refused, match="Somebody else"):
        step(page.id, "publish", staff.editor)


def test_a_reviewer_sends_back_with_what_should_change(draft, staff):
    page = draft()
    step(page.id, "submit", staff.writer)
    with pytest.raises(Invalid):
        step(page.id, "send_back", staff.editor, "  ")
    page = step(page.id, "send_back", staff.editor, "Name the day.")
    assert (page.state, page.review_note) == ("draft", "Name the day.")


def test_a_page_that_is_complete_in_no_language_is_not_sent_to_review(draft, staff):
    content = make_content()
    for texts in content.blocks[0]["texts"].values():
        texts.clear()
    page = draft(content=content)
    with pytest.raises(Invalid) as refused:
        step(page.id, "submit", staff.writer)
    assert refused.value.errors[0].field == "b-a1-zh-Hans-body"


def test_the_clock_publishes_what_is_scheduled_and_only_once(draft, staff, monkeypatch):
    page = draft(slug="later")
    step(page.id, "submit", staff.writer)
    at = clock.now() + timedelta(hours=1)
    step(page.id, "schedule", staff.editor, at)
    assert lifecycle.run_due() == 0
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(seconds=1))
    assert worker.run_once() == 0
    assert published("page", "later", "en") is not None
    assert lifecycle.run_due() == 0
    assert desk.page_by_id(page.id).state == "published"


def test_a_time_that_has_passed_cannot_be_scheduled(draft, staff):
    page = draft()
    step(page.id, "submit", staff.writer)
    with pytest.raises(Invalid):
        step(page.id, "schedule", staff.editor, clock.now() - timedelta(minutes=1))


def test_what_is_scheduled_cannot_be_changed_before_it_is_taken_off(draft, staff):
    page = draft()
    step(page.id, "submit", staff.writer)
    step(page.id, "schedule", staff.editor, clock.now() + timedelta(hours=1))
    with pytest.raises(Refused, match="schedule"):
        rewrite(page.id, make_content(), staff.writer)
    assert step(page.id, "unschedule", staff.editor).state == "in_review"


def test_what_cannot_be_published_goes_back_with_the_reason(shown, staff, monkeypatch):
    page = shown(slug="mine")
    rewrite(page.id, make_content("wanted"), staff.writer)
    step(page.id, "submit", staff.writer)
    at = clock.now() + timedelta(hours=1)
    step(page.id, "schedule", staff.editor, at)
    shown(slug="wanted")
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(seconds=1))
    lifecycle.run_due()
    page = desk.page_by_id(page.id)
    assert (page.state, page.slug, page.shown_number) == ("draft", "mine", 1)
    assert "address" in page.review_note


def test_a_notice_ends_by_itself(shown, monkeypatch):
    until = clock.now() + timedelta(hours=1)
    page = shown("notice", slug="closing", places=["home"], valid_until=until.isoformat())
    assert published("notice", "closing", "en") is not None
    monkeypatch.setattr(clock, "now", lambda: until + timedelta(seconds=1))
    assert published("notice", "closing", "en") is None  # before the worker has looked
    assert lifecycle.run_due() == 1
    assert desk.page_by_id(page.id).state == "archived"


def test_an_archived_page_is_gone_and_can_be_written_anew(shown, staff):
    page = shown(slug="one")
    step(page.id, "archive", staff.editor)
    assert published("page", "one", "en") is None
    rewrite(page.id, make_content("one", text="again"), staff.writer)
    publish(page.id, staff)
    assert published("page", "one", "en") is not None


def test_the_second_of_two_writers_is_told_and_nothing_is_overwritten(draft, staff):
    page = draft(slug="one")
    rewrite(page.id, make_content("one", text="hers"), staff.editor)
    with pytest.raises(Overtaken):
        rewrite(page.id, make_content("one", text="his"), staff.writer, base=1)
    newest = desk.version_of(desk.page_by_id(page.id))
    assert (newest.number, newest.blocks[0]["texts"]["en"]["body"]) == (2, "hers en")


def test_an_old_address_leads_on_however_often_a_page_moves(shown, staff):
    page = shown(slug="first")
    for slug in ("second", "third"):
        rewrite(page.id, make_content(slug), staff.writer)
        assert published("page", slug, "en") is None  # a draft changes no address
        publish(page.id, staff)
    assert moved_to("page", "first") == moved_to("page", "second") == "/pages/third"
    rewrite(page.id, make_content("first"), staff.writer)
    publish(page.id, staff)
    assert moved_to("page", "first") is None
    assert moved_to("page", "third") == "/pages/first"


def test_a_new_page_may_take_an_address_that_another_left(shown, staff):
    page = shown(slug="first")
    rewrite(page.id, make_content("second"), staff.writer)
    publish(page.id, staff)
    shown(slug="first")
    assert moved_to("page", "first") is None


def test_two_pages_of_a_kind_never_have_one_address(shown, draft):
    shown(slug="one")
    with pytest.raises(Invalid) as refused:
        draft(slug="one")
    assert refused.value.errors[0].field == "slug"
    draft("news", slug="one")
