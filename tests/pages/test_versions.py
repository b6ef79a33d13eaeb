"""What changed between two versions, and what a version may not be."""

import copy
from dataclasses import replace

import pytest

from portal.core.i18n import TAGS
from portal.pages.rules import content as contents
from portal.pages.rules import differences
from portal.pages.rules.blocks import TYPES, rows_of
from tests.pages.conftest import make_content

EMPTY: dict[str, list[object]] = {key: [] for key in ("shared", *TAGS)}


def test_the_same_version_differs_in_nothing():
    content = make_content("a")
    assert differences.between(content, copy.deepcopy(content)) == EMPTY


def test_a_changed_word_is_marked_in_its_language_alone():
    old = make_content("a", text="the red box")
    new = copy.deepcopy(old)
    new.blocks[0]["texts"]["en"]["body"] = "the blue box en"
    found = differences.between(old, new)
    assert found["zh-Hans"] == found["zh-Hant"] == []
    assert found["en"][0].parts == (
        ("same", "the "),
        ("del", "red"),
        ("ins", "blue"),
        ("same", " box en"),
    )


def test_chinese_is_compared_character_by_character():
    assert differences.words("明天上午送达", "明天下午送达") == (
        ("same", "明天"),
        ("del", "上"),
        ("ins", "下"),
        ("same", "午送达"),
    )


def test_blocks_that_come_go_and_move_are_named():
    old = make_content("a")
    heading = contents.new_block("heading") | {"texts": {"en": {"title": "New"}}}
    new = contents.with_blocks(old, [heading, *old.blocks])
    assert [change.parts for change in differences.between(old, new)["en"]] == [(("ins", "New"),)]
    gone = contents.with_blocks(old, [])
    assert differences.between(old, gone)["en"][0].parts == (("del", "words en"),)
    turned = contents.with_blocks(new, new.blocks[::-1])
    assert [c.where[0] for c in differences.between(new, turned)["shared"]] == [
        "Order of the blocks"
    ]


def test_a_changed_address_is_named():
    changes = differences.between(make_content("a"), make_content("b"))["shared"]
    assert changes[0].parts == (("del", "a"), ("ins", "b"))


@pytest.mark.parametrize(
    "slug", ["", "Über", "a b", "../etc", "a/b", "-a", "a--b", "x" * 81, "a%2fb", "a\u202eb"]
)
def test_an_address_that_is_none_is_refused(slug):
    assert [e.field for e in contents.check("page", make_content(slug="ok"))] == []
    content = make_content("x")
    content.settings["slug"] = slug
    assert [e.field for e in contents.check("page", content)] == ["slug"]


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example",
        "//evil.example",
        "\\\\evil",
        "javascript:1",
        "services",
        "/a\u202eb",
        "/a b",
    ],
)
def test_a_button_leads_nowhere_else(path):
    block = contents.new_block("action") | {"shared": {"path": path}}
    content = contents.with_blocks(make_content("a"), [block])
    assert [e.field for e in contents.check("page", content)] == [f"b-{block['id']}-path"]


def test_a_figure_is_named_never_typed():
    assert {one.kind for one in TYPES["figures"].shared} == {"figures"}
    block = contents.new_block("figures") | {"shared": {"names": ["99.9 %"]}}
    content = contents.with_blocks(make_content("a"), [block])
    assert contents.check("page", content)


def test_a_picture_without_words_keeps_its_language_from_being_complete():
    block = contents.new_block("picture")
    block["shared"] = {"picture": {"key": "a" * 20, "width": 1, "height": 1}}
    block["texts"] = {"en": {"alt": "A crane"}}
    content = contents.with_blocks(make_content("a"), [block])
    assert content.languages == ["en"]
    assert content.lacks == ["zh-Hans", "zh-Hant"]


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_an_empty_block_of_any_type_can_be_kept_but_not_published_as_it_is(type_):
    content = contents.with_blocks(make_content("a"), [contents.new_block(type_)])
    assert contents.check("page", content) == []
    needed = [one for one in (*TYPES[type_].shared, *TYPES[type_].texts) if one.required]
    needed += [
        one for one in (TYPES[type_].items.texts if TYPES[type_].items else ()) if one.required
    ]
    assert bool(contents.check_ready("page", content)) is bool(needed)


def test_texts_that_are_too_long_are_named():
    content = make_content("a")
    content.texts["en"]["title"] = "x" * 121
    content.blocks[0]["texts"]["en"]["body"] = "x" * 20_001
    assert {e.field for e in contents.check("page", content)} == {"en-title", "b-a1-en-body"}


def test_too_many_blocks_are_refused():
    blocks = [contents.new_block("text") for _ in range(61)]
    assert "blocks" in {
        e.field for e in contents.check("page", replace(make_content("a"), blocks=blocks))
    }


def test_a_table_has_as_many_cells_in_each_row():
    assert rows_of("a | b\n---|---\nc\n\nd | e |") == [["a", "b"], ["c", ""], ["d", "e"]]
