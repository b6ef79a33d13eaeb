"""Markdown of strangers and of our own: readable, and harmless whatever is written."""

import re

import pytest

from portal.core.markdown import plain, render


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<iframe src=//evil.example></iframe>",
        '</div></main><form action="//evil.example">',
        "<style>body{display:none}</style>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox(1))",
        "[x](file:///etc/passwd)",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        '[x](https://a.example "onmouseover=alert(1)")',
        "![x](https://tracker.example/pixel.png)",
        "```html\n</code><script>alert(1)</script>\n```",
        "| a |\n|---|\n| <svg onload=alert(1)> |",
    ],
)
def test_nothing_that_runs_or_loads_comes_through(hostile):
    html = render(hostile).lower()
    tags = re.findall(r"<[^>]*>", html)
    assert not [tag for tag in tags if re.match(r"</?(script|img|iframe|form|style|svg|main)", tag)]
    assert not [
        tag for tag in tags if re.search(r"\son\w+=|=\"(javascript|data|vbscript|file):", tag)
    ]


def test_what_turns_the_direction_of_writing_is_left_out():
    assert "\u202e" not in render("harmless\u202egpj.exe")
    assert plain("a\u200bb\u2066c\x00") == "abc"


@pytest.mark.parametrize("address", ["https://x.example/", "//x.example/a", "http://x.example"])
def test_links_of_strangers_to_elsewhere_are_not_vouched_for(address):
    assert 'rel="nofollow ugc noopener"' in render(f"[x]({address})")
    assert 'rel="noopener"' in render(f"[x]({address})", ours=True)


def test_links_within_the_portal_are_plain():
    assert render("[x](/track?no=1#a)") == '<p><a href="/track?no=1#a">x</a></p>\n'


@pytest.mark.parametrize(
    ("top", "first", "last"), [(2, "h2", "h6"), (3, "h3", "h6"), (1, "h2", "h6")]
)
def test_headings_stand_below_those_of_the_page(top, first, last):
    html = render("# a\n\n###### b", top=top)
    assert f"<{first}>a</{first}>" in html
    assert f"<{last}>b</{last}>" in html
    assert "<h1" not in html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**重点：**内容", "<strong>重点：</strong>内容"),
        ("他说**“好”**了", "他说<strong>“好”</strong>了"),
        ("价格*约*百元", "价格<em>约</em>百元"),
        ("a * b * c", "a * b * c"),
        ("snake_case_name", "snake_case_name"),
        ("**没有结束", "**没有结束"),
    ],
)
def test_marks_work_beside_chinese_as_people_mean_them(text, html):
    assert html in render(text)


def test_tables_scroll_by_themselves_and_carry_no_style():
    html = render("| a | b |\n|---|--:|\n| x | 12 |")
    assert 'tabindex="0"' in html
    assert '<td class="end">12</td>' in html
    assert "style" not in html


def test_plain_words_are_cut_at_a_word():
    assert plain("**one** [two](/x) `three`") == "one two three"
    assert plain("one two three", 9) == "one two…"
    assert plain("一二三四五六", 4) == "一二三…"
    assert plain("- a\n- b\n\n> c") == "a b c"


@pytest.mark.parametrize("bomb", ["[" * 20_000, "*a " * 20_000, "> " * 5_000, "`" * 20_000])
def test_what_is_made_to_be_slow_is_read_all_the_same(bomb):
    assert len(render(bomb)) > 0
