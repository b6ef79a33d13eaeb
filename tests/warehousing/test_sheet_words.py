"""How sheets about goods are written: headings, levels and days."""

from datetime import date

import pytest

from portal.core.errors import Invalid
from portal.warehousing.goods.rules import sheet_words
from portal.warehousing.goods.rules import sheets as goods
from portal.warehousing.inbound.forms import sheets as notices
from portal.warehousing.outbound.rules import sheets as orders

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-21", "2026/11/21", "2026.11.21", "20261121", "46347", "2026-11-21T08:00:00"),
        *("2026年11月21日", "2026 年 11 月 21 日", "2026年11月21號", "\uff12026\uff0f11\uff0f21"),
        *("2026-11-21 08:00:00", " 2026-11-21 "),
    ],
)
def test_a_day_is_read_as_sheets_write_it(text):
    assert sheet_words.day(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        *("", "²-1-1", "21.11.2026", "2026-13-01", "2026-02-30", "1850-01-01", "9999-01-01"),
        *("\u0662\u0660\u0662\u0666-11-21", "2026-11-21x", "soon", "2026-11", "12345678901"),
    ],
)
def test_what_is_no_day_that_goods_can_have_is_none(text):
    assert sheet_words.day(text) is None


@pytest.mark.parametrize(
    "headers",
    [
        ("订单编号", "商品编码", "数量", "序列号"),
        ("訂單編號", "商品編碼", "數量", "序列號"),
        ("Order No.", "SKU code", "Qty *", "Serial number"),
        ("訂單號：", "貨號", "數 量", "批號"),
    ],
)
def test_columns_are_found_by_what_people_call_them(headers):
    assert orders.mapped(headers) == {"order_ref": 0, "sku": 1, "quantity": 2, "lot": 3}
    assert sheet_words.places(headers, notices.HEADINGS) == {"sku": 1, "quantity": 2, "lot": 3}


def test_of_two_columns_that_mean_the_same_none_is_chosen():
    with pytest.raises(Invalid, match="“数量” and “件数” mean the same"):
        sheet_words.places(("数量", "件数"), sheet_words.HEADINGS)
    with pytest.raises(Invalid, match="“Code” and “code” mean the same"):
        goods.mapped(("Code", "code"), {"code": "code"})


@pytest.mark.parametrize(("word", "level"), [("只", "each"), ("板", "pallet"), ("整箱", "case")])
def test_levels_are_read_in_both_kinds_of_sheets(app, word, level):
    (line,) = notices.of_text(f"货号\t数量\t单位\nTEA\t2\t{word}").lines
    assert line.level == level
    (group,) = orders.grouped([(2, {"order_ref": "A", "sku": "TEA", "level": word})])
    assert (group.lines[0][1].level, group.problems) == (level, [])
