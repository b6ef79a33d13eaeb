"""Texts that people enter, on paper: long, marked, from right to left; fonts that are missing."""

import dataclasses

import pytest

from portal.core.errors import Refused
from portal.core.pdf import reading, start, typefaces
from portal.core.pdf.sheets import A6, Sheet
from portal.core.pdf.typefaces import typeface
from tests.documents.reading import page_count, scanned, texts
from tests.documents.sampling import drawn, sample
from tests.factories import make_dispatcher

pytestmark = pytest.mark.usefixtures("app")
FACE = typeface("zh-Hans")


def visible(text):
    return reading.visible(text, FACE.has)


def test_what_fonts_have_stays_as_it_is():
    plain = "华东家居 三仓, Łódź & Gdańsk, Київ, Ελλάδα, 東京, №12 “ok”…"
    assert visible(plain) == plain


def test_pictures_become_a_square_and_rare_letters_their_code():
    assert visible("箱 😀📦 ok") == "箱 □ ok"
    assert visible("𠀀村") == "[U+20000]村"
    assert visible("한국") == "[U+D55C][U+AD6D]"


def test_unassigned_and_broken_characters_are_marked():
    assert visible("a\u0378b") == "a□b"
    assert visible("a\ud800b") == "a□b"
    assert visible("a\ue000b") == "a□b"


def test_control_characters_and_invisible_ones_are_dropped():
    assert visible("a\x00\x07b\u200d\u202ec\ufeff") == "abc"
    assert visible("a\r\n\tb\xa0c") == "a b c"


def test_leftward_texts_stand_in_the_order_of_the_paper():
    assert reading.ordered("abc שלום def") == "abc םולש def"
    assert reading.ordered("שלום 12 עולם") == "םלוע 12 םולש"
    assert reading.ordered("שלום [U+20000] ok") == "[U+20000] ok םולש"
    assert reading.ordered("רחוב (אב) 7") == "7 (בא) בוחר"


def test_arabic_letters_are_joined():
    joined = visible("محمد")
    assert joined == "\ufee3\ufea4\ufee4\ufeaa"
    assert visible("لا") == "\ufefb"


def test_lines_break_between_words_and_han_and_never_before_a_closing_mark():
    lines = FACE.lines("一二三，四五六。seven eight", 40, 10)
    assert all(FACE.width(line, 10) <= 40 for line in lines)
    assert not any(line[0] in "，。" for line in lines)
    assert "seven" in lines


def test_a_word_longer_than_the_line_is_broken():
    lines = FACE.lines("x" * 500, 50, 10)
    assert "".join(lines) == "x" * 500
    assert all(FACE.width(line, 10) <= 50 for line in lines)


def test_what_does_not_fit_ends_in_an_ellipsis():
    lines = FACE.lines("文" * 10_000, 100, 10, most=3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert FACE.width(lines[-1], 10) <= 100


LONG = "很长的地址 long words 😀 שלום " * 500


def long_facts():
    facts = sample(pieces=2)
    party = dataclasses.replace(facts.consignee, name=LONG, address=LONG, city=LONG, place=LONG)
    unit = dataclasses.replace(facts.units[0], goods=LONG)
    changes = {"consignor": party, "consignee": party, "note": LONG, "order_ref": LONG}
    return dataclasses.replace(
        facts, units=(unit, *facts.units[1:]), cod="€ " + "9" * 40, **changes
    )


def test_a_label_keeps_its_size_and_its_codes_with_texts_of_ten_thousand_characters():
    content = drawn("label", [long_facts()])
    assert page_count(content) == 2
    assert all(len(found) == 3 for found in scanned(content))


@pytest.mark.parametrize("paper", ["waybill", "packing-list", "pod"])
def test_long_texts_flow_over_pages_and_nothing_is_lost(paper):
    facts = long_facts()
    pages = texts(drawn(paper, [facts]))
    said = "".join("".join(pages).split())
    assert len(pages) > 6
    # The note, the goods and both parties are there in full.
    copies = 3 if paper == "waybill" else 1
    assert said.count("很长的地址longwords") >= 500 * 4 * copies * 0.95
    assert f"Page {len(pages) // copies} of {len(pages) // copies}" in pages[-1]


def test_a_paper_with_hundreds_of_pieces_repeats_its_head():
    pages = texts(drawn("packing-list", [sample(pieces=120)]))
    assert len(pages) > 2
    assert all("SSCC" in page for page in pages)


def test_a_wrong_sscc_is_said_and_not_printed_as_a_barcode():
    facts = sample()
    unit = dataclasses.replace(facts.units[0], sscc="369012340000000010")
    content = drawn("label", [dataclasses.replace(facts, units=(unit,))])
    assert "wrong check digit" in texts(content)[0]
    assert len(scanned(content)[0]) == 2


def test_the_same_facts_give_the_same_file():
    assert drawn("label", [sample()]) == drawn("label", [sample()])


def test_fonts_are_embedded_as_subsets():
    content = drawn("label", [sample()])
    assert b"/FontFile2" in content
    assert b"+NotoSansSC_400Regular" in content
    assert b"/Helvetica" not in content
    assert len(content) < 60_000


@pytest.fixture
def no_fonts(monkeypatch, tmp_path):
    monkeypatch.setattr(typefaces, "FOLDER", tmp_path)
    typefaces.typeface.cache_clear()
    yield
    typefaces.typeface.cache_clear()


def test_missing_fonts_are_named_with_the_remedy(no_fonts):
    assert "NotoSansSC_400Regular.ttf" in start.fault()
    assert "dev.py setup" in start.fault()
    with pytest.raises(Refused, match="font files are missing"):
        Sheet(A6, "en", title="x")


def test_the_command_says_whether_papers_can_be_printed(app, no_fonts):
    found = app.test_cli_runner().invoke(args=["papers", "check"])
    assert found.exit_code == 1
    assert "NotoSansTC_700Bold.ttf" in found.output


def test_all_fonts_and_their_licences_are_here(app):
    found = app.test_cli_runner().invoke(args=["papers", "check"])
    assert found.exit_code == 0
    assert len(list(typefaces.FOLDER.glob("*.LICENSE.txt"))) == 5


def test_a_reader_is_told_in_words_while_fonts_are_missing(app, no_fonts, as_user):
    browser = as_user(make_dispatcher())
    reply = browser.get("/desk/documents/print?paper=label")
    assert reply.status_code == 409
