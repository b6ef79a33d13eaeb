"""The editor over HTTP: each role, each step, nothing lost, nothing let in."""

import re
from datetime import timedelta

import pytest

from portal.core import clock
from portal.pages.queries import desk
from tests.counting.conftest import statements
from tests.factories import make_colleague, make_person
from tests.pages.conftest import make_content, rewrite, step

__all__ = ["statements"]
FORM = {
    "base": "0",
    "slug": "one",
    "position": "0",
    "zh-Hans-title": "标题",
    "en-title": "A title",
    "en-summary": "A summary",
    "block": "t1:text",
    "b-t1-zh-Hans-body": "**重点：**内容",
    "b-t1-en-body": "Some *words*",
    "act": "save",
}


def saved(reply):
    """Return the id of the page that a save led to."""
    assert reply.status_code == 303, reply.text
    return int(re.search(r"/desk/pages/(\d+)", reply.location)[1])


def number(page_id):
    return desk.page_by_id(page_id).newest_number


@pytest.mark.parametrize("role", ["dispatcher", "driver", "warehouse", "agent", "sales", "buyer"])
def test_the_desk_of_pages_is_closed_to_other_staff(as_user, role):
    reader = as_user(make_person(staff_role=role))
    for path in ("/desk/pages", "/desk/pages/new", "/desk/pages/1", "/desk/pages/1/versions"):
        assert reader.get(path).status_code == 403, path


def test_members_and_visitors_learn_nothing_of_drafts(browser, as_user, draft):
    page = draft(slug="secret")
    member = as_user(make_colleague())
    for path in (f"/desk/pages/{page.id}", f"/desk/pages/{page.id}/versions", "/desk/pages"):
        assert member.get(path).status_code == 403
        assert browser.get(path).status_code == 302
    assert browser.post(f"/desk/pages/{page.id}/publish").status_code == 401
    assert browser.get("/pages/secret").status_code == 404
    assert member.get("/pages/secret").status_code == 404


def test_a_page_is_written_reviewed_and_published_through_the_forms(browser, marketing, manager):
    page_id = saved(marketing.post("/desk/pages/new?kind=page", FORM))
    assert "Send to review" in marketing.get(f"/desk/pages/{page_id}").text
    assert marketing.post(f"/desk/pages/{page_id}/submit").status_code == 303
    assert marketing.post(f"/desk/pages/{page_id}/publish").status_code == 403
    assert browser.get("/pages/one").status_code == 404
    assert manager.post(f"/desk/pages/{page_id}/publish").status_code == 303
    page = browser.get("/pages/one?lang=en").text
    assert "<em>words</em>" in page
    assert 'href="/pages/one"' in marketing.get(f"/desk/pages/{page_id}").text
    assert manager.post(f"/desk/pages/{page_id}/archive").status_code == 303
    assert browser.get("/pages/one").status_code == 404
    assert 'href="/pages/one"' not in marketing.get(f"/desk/pages/{page_id}").text


def test_an_editor_cannot_publish_what_he_wrote(manager):
    page_id = saved(manager.post("/desk/pages/new?kind=news", FORM))
    manager.post(f"/desk/pages/{page_id}/submit")
    reply = manager.post(f"/desk/pages/{page_id}/publish")
    assert reply.status_code == 409
    assert "Somebody else has to publish it" in reply.text


def test_what_is_scheduled_stays_as_it_is_and_nothing_typed_is_lost(manager, draft, staff):
    page = draft(slug="one")
    step(page.id, "submit", staff.writer)
    step(page.id, "schedule", staff.editor, clock.now() + timedelta(days=1))
    reply = manager.post(f"/desk/pages/{page.id}", FORM | {"base": "1", "en-title": "Kept"})
    assert reply.status_code == 409
    assert "Take it off the schedule" in reply.text
    assert 'value="Kept"' in reply.text
    assert number(page.id) == 1


def test_what_was_decided_about_an_older_version_counts_no_more(manager, draft, staff):
    page = draft()
    step(page.id, "submit", staff.writer)
    rewrite(page.id, make_content(text="worse"), staff.writer)
    step(page.id, "submit", staff.writer)
    reply = manager.post(f"/desk/pages/{page.id}/publish", {"number": "1"})
    assert reply.status_code == 409
    assert "newest version first" in reply.text


def test_a_page_is_scheduled_by_the_centres_clock(manager, draft, staff):
    page = draft()
    step(page.id, "submit", staff.writer)
    wanted = (
        (clock.now() + timedelta(days=2)).astimezone(clock.zone()).replace(second=0, microsecond=0)
    )
    reply = manager.post(
        f"/desk/pages/{page.id}/schedule", {"publish_at": f"{wanted:%Y-%m-%dT%H:%M}"}
    )
    assert reply.status_code == 303
    assert desk.page_by_id(page.id).publish_at == wanted


@pytest.mark.parametrize(
    "at", ["", "tomorrow", "2020-01-01T00:00", "2026-13-01T00:00", "2026-10-01T00:00+08:00"]
)
def test_a_time_that_is_none_is_refused_with_a_sentence(manager, draft, staff, at):
    page = draft()
    step(page.id, "submit", staff.writer)
    assert manager.post(f"/desk/pages/{page.id}/schedule", {"publish_at": at}).status_code == 422


def test_blocks_are_added_moved_and_removed_without_saving(marketing, draft):
    page = draft(slug="one")
    form = FORM | {"base": "1", "block": ["t1:text", "h1:heading"], "b-h1-en-title": "Second"}
    added = marketing.post(f"/desk/pages/{page.id}", form | {"act": "add:table"})
    assert added.status_code == 200
    assert re.findall(r'name="block" value="\w+:(\w+)"', added.text) == ["text", "heading", "table"]
    moved = marketing.post(f"/desk/pages/{page.id}", form | {"act": "up:h1"})
    assert re.findall(r'name="block" value="(\w+):', moved.text) == ["h1", "t1"]
    assert "Some *words*" in moved.text
    removed = marketing.post(f"/desk/pages/{page.id}", form | {"act": "remove:t1"})
    assert re.findall(r'name="block" value="(\w+):', removed.text) == ["h1"]
    assert number(page.id) == 1


def test_entries_of_a_block_are_added_moved_and_removed(marketing):
    form = FORM | {
        "block": "p1:people",
        "items-p1": ["i1", "i2"],
        "b-p1-i1-en-name": "First",
        "b-p1-i2-en-name": "Second",
    }
    names = r'name="b-p1-\w+-en-name" value="(\w*)"'
    for act, left in (
        ("item-up:p1/i2", ["Second", "First"]),
        ("item-remove:p1/i1", ["Second"]),
        ("item-add:p1/", ["First", "Second", ""]),
    ):
        reply = marketing.post("/desk/pages/new", form | {"act": act})
        assert re.findall(names, reply.text) == left, act


@pytest.mark.parametrize(
    "act", ["up:zz", "add:<script>", "remove:", "no such act", "item-up:t1/zz", "add:" + "x" * 5000]
)
def test_a_forged_key_changes_nothing(marketing, act):
    reply = marketing.post("/desk/pages/new", FORM | {"act": act})
    assert reply.status_code == 200
    assert re.findall(r'name="block" value="(\w+):', reply.text) == ["t1"]


def test_what_is_wrong_is_said_at_its_field_and_all_typed_stays(marketing):
    form = FORM | {"slug": "Not A Slug", "en-title": "x" * 121, "en-summary": "keep me"}
    reply = marketing.post("/desk/pages/new", form)
    assert reply.status_code == 422
    assert 'href="#slug"' in reply.text
    assert 'href="#en-title"' in reply.text
    assert "keep me" in reply.text


def test_a_language_that_lacks_something_is_marked(marketing):
    page = saved(marketing.post("/desk/pages/new", FORM))
    text = marketing.get(f"/desk/pages/{page}").text
    assert "missing translation" in text
    assert marketing.get("/desk/pages?lacks=zh-Hant").text.count("A title") == 1
    assert "A title" not in marketing.get("/desk/pages?lacks=en").text


def test_the_second_of_two_editors_sees_both_and_loses_nothing(marketing, manager, draft):
    page = draft(slug="one")
    theirs = FORM | {"base": "1", "b-t1-en-body": "Theirs"}
    assert manager.post(f"/desk/pages/{page.id}", theirs).status_code == 303
    mine = FORM | {"base": "1", "b-t1-en-body": "Mine entirely"}
    reply = marketing.post(f"/desk/pages/{page.id}", mine)
    assert reply.status_code == 409
    assert "<del>Theirs</del>" in reply.text
    assert "Mine entirely</textarea>" in reply.text
    assert 'name="base" value="2"' in reply.text
    assert marketing.post(f"/desk/pages/{page.id}", mine | {"base": "2"}).status_code == 303
    assert number(page.id) == 3
    assert desk.version_of(desk.page_by_id(page.id), 2).blocks[0]["texts"]["en"]["body"] == "Theirs"


def test_versions_are_compared_and_an_old_one_comes_back(marketing, shown, staff):
    page = shown(slug="one", text="first")
    rewrite(page.id, make_content("one", text="second"), staff.writer)
    assert "Version 2" in marketing.get(f"/desk/pages/{page.id}/versions").text
    changed = marketing.get(f"/desk/pages/{page.id}/versions/2").text
    assert "<del>first</del><ins>second</ins>" in changed
    assert marketing.post(f"/desk/pages/{page.id}/versions/1/restore").status_code == 303
    newest = desk.version_of(desk.page_by_id(page.id))
    assert (newest.number, newest.blocks[0]["texts"]["en"]["body"]) == (3, "first en")
    assert marketing.get(f"/desk/pages/{page.id}/versions/9").status_code == 404
    assert marketing.get(f"/desk/pages/{page.id}/versions/2?with=zz").status_code == 200


def test_only_a_draft_that_nobody_read_can_be_deleted(marketing, draft, shown):
    unread, read = draft(), shown()
    assert marketing.post(f"/desk/pages/{read.id}/delete").status_code == 409
    assert marketing.get(f"/desk/pages/{unread.id}/delete").status_code == 200
    assert marketing.post(f"/desk/pages/{unread.id}/delete").status_code == 303
    assert marketing.get(f"/desk/pages/{unread.id}").status_code == 404


def test_a_button_must_lead_to_a_page_that_exists(marketing, shown):
    shown("service", slug="cold")
    form = FORM | {"block": "x1:action", "b-x1-en-label": "Go"}
    for path, status in (
        ("/services/cold", 303),
        ("/track?no=1", 303),
        ("/services/none", 422),
        ("/no/such/page", 422),
        ("//evil.example", 422),
        ("https://evil.example/", 422),
    ):
        sent = form | {"b-x1-path": path, "slug": f"p{abs(hash(path))}"}
        assert marketing.post("/desk/pages/new", sent).status_code == status, path


def test_a_link_in_a_text_must_lead_somewhere_before_the_review(marketing):
    form = FORM | {"b-t1-en-body": "[gone](/pages/gone) and [outside](https://x.example)"}
    page = saved(marketing.post("/desk/pages/new", form))
    reply = marketing.post(f"/desk/pages/{page}/submit")
    assert reply.status_code == 422
    assert "There is no page at /pages/gone" in reply.text
    assert 'href="#b-t1-en-body"' in reply.text


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant"])
def test_the_preview_shows_what_the_form_says(marketing, lang):
    reply = marketing.post(
        "/desk/pages/preview", FORM | {"language": "en"}, query_string={"lang": lang}
    )
    assert reply.status_code == 200
    assert "<em>words</em>" in reply.text
    assert "A summary" in reply.text


HOSTILE = [
    "</article></main></body><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ config.SECRET_KEY }}",
    "{% raw %}<b>",
    "<h1>mine</h1>\n# Also mine",
    "[x](javascript:alert(1))",
    "\u202egnirts",
    "a" * 5000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_the_frame_of_its_page(browser, marketing, manager, text):
    form = FORM | {
        "block": [
            "t1:text",
            "h1:heading",
            "p1:people",
            "q1:questions",
            "r1:promise",
            "w1:table",
            "d1:departments",
            "y1:timeline",
        ],
        "items-p1": "i1",
        "items-q1": "i1",
        "items-d1": "i1",
        "items-y1": "i1",
        "b-t1-en-body": text,
        "b-h1-en-title": text[:200],
        "b-p1-i1-en-name": text[:200],
        "b-p1-i1-en-role": text[:200],
        "b-p1-i1-en-text": text,
        "b-q1-i1-en-question": text[:200],
        "b-q1-i1-en-answer": text,
        "b-r1-en-text": text,
        "b-r1-en-more": text,
        "b-w1-en-caption": text[:200],
        "b-w1-en-rows": text,
        "b-d1-i1-en-name": text[:200],
        "b-d1-i1-en-text": text,
        "b-y1-i1-year": text[:200],
        "b-y1-i1-en-title": text[:200],
        "en-summary": text[:400],
    }
    page_id = saved(marketing.post("/desk/pages/new", form))
    marketing.post(f"/desk/pages/{page_id}/submit")
    assert manager.post(f"/desk/pages/{page_id}/publish").status_code == 303
    html = browser.get("/pages/one?lang=en").text
    assert html.count("<h1") == html.count("</main>") == html.count("</body>") == 1
    for bad in ("alert(1)</script", "<img src=x", 'href="javascript', "\u202e", "dev-secret"):
        assert bad not in html
    assert number(page_id) == 1


PICTURE_FORM = FORM | {
    "block": "x1:picture",
    "b-x1-zh-Hans-alt": "吊车",
    "b-x1-en-alt": "A crane",
}


def test_a_notice_is_kept_with_its_places_and_days(marketing):
    form = FORM | {
        "places": ["home", "track"],
        "valid_from": "2026-12-01T08:00",
        "valid_until": "2026-12-02T08:00",
    }
    page = desk.page_by_id(saved(marketing.post("/desk/pages/new?kind=notice", form)))
    assert page.places == ["home", "track"]
    assert page.valid_from.isoformat() == "2026-12-01T00:00:00+00:00"
    for wrong in ({"places": []}, {"places": ["moon"]}, {"valid_until": "2026-11-01T08:00"}):
        reply = marketing.post("/desk/pages/new?kind=notice", form | wrong | {"slug": "two"})
        assert reply.status_code == 422, wrong


def test_the_list_and_the_editor_cost_no_more_for_more_pages(marketing, draft, statements):
    page = draft()
    marketing.get("/desk/pages")
    for path, most in (("/desk/pages", 9), (f"/desk/pages/{page.id}", 12)):
        with statements() as seen:
            marketing.get(path)
        few = len(seen)
        for _number in range(5):
            draft()
        with statements() as seen:
            marketing.get(path)
        assert len(seen) == few
        assert few <= most, seen
