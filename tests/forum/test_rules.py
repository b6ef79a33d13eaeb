"""Rules of the forum: who may, what is cut, what looks alike, what trust takes."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.core.errors import Refused
from portal.forum.rules import posts, spaces, trust
from portal.forum.rules.spaces import Reader
from portal.forum.service.writing import html_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MEMBER = Reader(frozenset({"owner"}))
MODERATOR = Reader(frozenset({"moderator"}), may_moderate=True)


@pytest.mark.parametrize(
    ("starters", "least", "reader", "may"),
    [
        (["*"], 0, MEMBER, True),
        (["agent"], 0, MEMBER, False),
        (["*"], 1, MEMBER, False),
        (["*"], 1, Reader(frozenset({"owner"}), trust=1), True),
        (["agent"], 3, MODERATOR, True),
        (["*"], 0, Reader(frozenset({"owner"}), may_write=False), False),
    ],
)
def test_who_may_begin_a_topic(starters, least, reader, may):
    assert spaces.may_start(starters, least, reader) is may
    if may:
        spaces.check_start(starters, least, reader)
    else:
        with pytest.raises(Refused):
            spaces.check_start(starters, least, reader)


@pytest.mark.parametrize(
    ("state", "reader", "may"),
    [
        ("open", MEMBER, True),
        ("locked", MEMBER, False),
        ("locked", MODERATOR, True),
        ("hidden", MODERATOR, False),
    ],
)
def test_who_may_reply(state, reader, may):
    assert spaces.may_reply(["*"], state, reader) is may


def test_only_its_author_edits_a_post_and_only_for_a_while():
    posts.check_edit(1, 1, NOW, NOW + timedelta(days=29), may_moderate=False)
    for author, after in ((2, 1), (1, 31)):
        with pytest.raises(Refused):
            posts.check_edit(author, 1, NOW, NOW + timedelta(days=after), may_moderate=False)
    posts.check_edit(2, 1, NOW, NOW + timedelta(days=300), may_moderate=True)


def test_a_pasted_number_shows_nobody_the_consignment():
    said = posts.without_numbers("看 QSABCDEFGH12X4 这一票")
    assert "QSABCDEFGH12X4" not in said
    assert said.startswith("看 QSAB……")


def test_mentions_are_found_but_not_in_code_or_addresses():
    text = "@linxiao 和 @顾琳 请看 `@nobody` ops@trade.example"
    assert posts.mentioned(text) == ["linxiao", "顾琳"]


def test_tags_are_few_short_and_each_once():
    assert posts.tags_of("冷链, #包装；冷链") == ["冷链", "包装"]
    with pytest.raises(Refused):
        posts.tags_of("a b c d e f")


def test_a_quotation_leaves_out_what_was_quoted_in_it():
    assert posts.quoted("> 旧的\n新的", "顾琳", 3) == "> **顾琳** #3\n> 新的\n\n"


def test_a_word_without_end_may_be_broken_and_marks_stay_whole():
    html = html_of("x" * 10_000 + " <b>no</b> " + "[a](https://example.com/" + "y" * 300 + ")")
    assert "<wbr>" in html
    assert "<b>" not in html
    assert f'href="https://example.com/{"y" * 300}"' in html


@pytest.mark.parametrize(
    "alike", ["Linxiao", "l1nxiao", "linxia0", "LINXIAO", "l\u0456nxiao", "lin xiao"]
)
def test_names_that_look_alike_are_one(alike):
    assert trust.skeleton(alike) == trust.skeleton("linxiao")


def test_different_names_stay_different():
    assert len({trust.skeleton(name) for name in ("linxiao", "顾琳", "mette", "韩雪松")}) == 4


def test_trust_takes_the_whole_row_of_the_table():
    assert trust.level_of(trust.Deeds(0, 0, 0, 0, 0)) == 0
    assert trust.level_of(trust.Deeds(2, 5, 30, 0, 0)) == 1
    assert trust.level_of(trust.Deeds(2, 4, 500, 99, 99)) == 0
    assert trust.level_of(trust.Deeds(50, 100, 500, 60, 40)) == 3
