"""The texts in Chinese: complete, in the words of the trade, in one hand."""

import re
from collections.abc import Iterator

import pytest
from opencc import OpenCC

from portal.consignments.rules.vocabulary import BIG_STEP_TEXT, VOCABULARY
from portal.core import catalogues

#: code → what a reader of simplified Chinese is told, in the trade's own words.
STATUS_WORDS = {
    "draft": "草稿",
    "ordered": "已下单",
    "pickup_assigned": "待揽收",
    "pickup_failed": "揽收失败",
    "picked_up": "已揽收",
    "hub_arrived": "到达分拨中心",
    "hub_departed": "离开分拨中心",
    "in_transit": "运输中",
    "dest_city": "到达派件城市",
    "out_for_delivery": "派送中",
    "at_pickup_point": "待自提",
    "delivered": "已签收",
    "delivery_failed": "派送失败",
    "refused": "拒签",
    "redirected": "转寄",
    "lost": "丢失",
    "found": "找回",
    "returning": "退回中",
    "returned": "已退回",
    "cancelled": "已取消",
    "closed": "已完结",
}
STEP_WORDS = {
    "ordered": "已下单",
    "picked_up": "已揽收",
    "in_transit": "运输中",
    "delivering": "派送中",
    "delivered": "已签收",
    "exception": "异常",
    "cancelled": "已取消",
}
HAN = "\u3400-\u9fff"
QUOTES = {"zh_Hans": "「」『』", "zh_Hant": "“”‘’"}  # the other script's
#: Written so in traditional texts too, though a converter knows an older form.
BOTH_SCRIPTS = set("台里后干只面系志表准谷才余了回占布群床采游")


def texts(locale: str) -> Iterator[str]:
    """Yield every text of a catalogue."""
    for message in catalogues.read(locale):
        if message.id:
            yield from message.string if isinstance(message.string, tuple) else [message.string]


def said(locale: str, sentence) -> str:
    """Return what a catalogue says for a lazy sentence."""
    message = catalogues.read(locale).get(sentence._args[0])
    assert message is not None, sentence._args[0]
    return str(message.string)


def test_every_status_is_called_what_the_trade_calls_it():
    assert {
        str(code): said("zh_Hans", word.text) for code, word in VOCABULARY.items()
    } == STATUS_WORDS


def test_every_big_step_is_called_what_the_trade_calls_it():
    words = {str(step): said("zh_Hans", text) for step, text in BIG_STEP_TEXT.items()}
    assert words == STEP_WORDS


def test_the_check_finds_nothing():
    extracted = catalogues.extracted()
    for locale in catalogues.LOCALES:
        assert list(catalogues.findings(locale, extracted)) == [], locale


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_punctuation_beside_chinese_is_full_width(locale):
    narrow = re.compile(rf"[{HAN}][,;:!?()'\"]|[,;:!?()'\"][{HAN}]|[{HAN}]\.(?!\w)")
    assert [text for text in texts(locale) if narrow.search(text)] == []


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_quotes_are_those_of_the_script(locale):
    assert [text for text in texts(locale) if set(text) & set(QUOTES[locale])] == []


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_nobody_is_shouted_at_or_flattered(locale):
    assert [text for text in texts(locale) if re.search("[!！亲親]", text)] == []


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_the_reader_is_addressed_politely(locale):
    assert [text for text in texts(locale) if re.search("[你妳]", text)] == []


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_an_item_dot_has_no_spaces_around_it(locale):
    assert [text for text in texts(locale) if " ·" in text or "· " in text] == []


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_texts_can_be_filled_in(locale):
    """Every value of the English text is used, and nothing else looks like a value."""
    for message in catalogues.read(locale):
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        chinese = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in filter(None, chinese if message.id else ()):
            assert _values(text) == _values(english[-1]), text
            assert text.count("%%") == english[-1].count("%%"), text


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_a_catalogue_compiles(locale):
    """Set-up fails on a text whose per cent sign looks like a value in one language only."""
    checked = catalogues.read(locale).check()
    found = [f"{message.id}: {error}" for message, errors in checked for error in errors]
    assert found == []


def test_every_name_that_texts_are_said_by_is_known_to_the_extraction():
    alias = re.compile(r"import (?:lazy_)?(?:lazy|n?p?gettext) as (\w+)$", re.MULTILINE)
    folder = catalogues.ROOT / "portal"
    names = {name for file in folder.rglob("*.py") for name in alias.findall(file.read_text())}
    assert names <= set(catalogues.KEYWORDS)


def _values(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))


def test_traditional_texts_have_no_simplified_characters():
    assert _of_the_other_script("zh_Hant", to_this="s2t", to_other="t2s") == {}


def test_simplified_texts_have_no_traditional_characters():
    assert _of_the_other_script("zh_Hans", to_this="t2s", to_other="s2t") == {}


def _of_the_other_script(locale: str, *, to_this: str, to_other: str) -> dict[str, str]:
    """Return character → text, of those that only the other script writes so."""
    this, other = OpenCC(to_this).convert, OpenCC(to_other).convert
    used = {char: text for text in texts(locale) for char in text}
    return {
        char: text
        for char, text in used.items()
        if this(char) != char and other(char) == char and char not in BOTH_SCRIPTS
    }


def test_traditional_texts_have_no_slips_of_the_converter():
    slips = re.compile("[0-9] 天后|之后|然后|以后|皇後|許可權|程式碼|此係統|[瞭]XML|賬|臺|視窗")
    assert [text for text in texts("zh_Hant") if slips.search(text)] == []


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_a_kept_catalogue_reads_back_as_it_was_written(locale, tmp_path, monkeypatch):
    before = {message.id: message.string for message in catalogues.read(locale)}
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    catalogues.write(locale, _copy(locale, before))
    assert {message.id: message.string for message in catalogues.read(locale)} == before


def _copy(locale: str, texts_by_id) -> catalogues.Catalog:
    copy = catalogues.Catalog(locale=locale, charset="utf-8")
    for msgid, string in texts_by_id.items():
        if msgid:
            copy.add(msgid, string)
    return copy
