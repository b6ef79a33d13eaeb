"""Columns: guessed in three languages, corrected, remembered, and made into drafts."""

import io
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.exchange.rules import evidence, fields, mapping, sheets
from portal.exchange.rules.drafts import Draft, drafts
from portal.exchange.rules.problems import SheetError

ZONE = ZoneInfo("Asia/Shanghai")
OWN = {
    "name": "华东家居",
    "phone": "+8657188888888",
    "address": "临港大道 1 号",
    "city": "杭州",
    "country": "CN",
}
HEAD = "订单号,收货人,收货电话,收货地址,城市,品名,数量,单位,重量(kg)"
LINE = "SO-1,王小明,13800138000,文三路 1 号,杭州,洗衣液,24,箱,12.5"


def read(text: str, change: dict[str, Any] | None = None) -> list[Draft]:
    sheet = sheets.open_sheet(io.BytesIO(text.encode()))
    guessed = mapping.guess(sheet.headers, [row.cells for row in sheet.sample()])
    if change:
        guessed = mapping.from_json({**guessed.as_json(), **change})
    return list(drafts(sheet, guessed, zone=ZONE, own=OWN))


def found(draft: Draft) -> list[tuple[int, str, str, str]]:
    return [(one.line, one.field, one.text, one.kind) for one in draft.problems]


def test_a_good_line_is_the_body_of_a_new_consignment() -> None:
    (draft,) = read(
        f"{HEAD},备注,代收货款,期望送达时间,下单时间\n{LINE},轻放,¥100,2026-11-22,2026/11/21 9:05"
    )
    assert not draft.problems
    assert draft.history is None
    assert draft.order == {
        "order_ref": "SO-1",
        "service": "standard",
        "consignor": OWN,
        "consignee": {"name": "王小明", "phone": "+8613800138000", "address": "文三路 1 号",
                      "city": "杭州", "country": "CN"},
        "pieces": [{"goods": "洗衣液", "quantity": "24", "unit": "XCT", "weight_g": 12_500}],
        "cod": {"minor": 10_000, "currency": "CNY"},
        "ordered_at": "2026-11-21T09:05:00+08:00",
        "window": {"from": "2026-11-22T00:00:00+08:00", "to": "2026-11-22T23:59:00+08:00"},
        "note": "轻放",
    }  # fmt: skip


@pytest.mark.parametrize("field", fields.ALL, ids=lambda one: one.key)
def test_every_field_is_guessed_from_each_of_its_names(field: fields.Field) -> None:
    for mode in field.modes:
        for name in field.names:
            assert mapping.guess([name], mode=mode).columns.get(name) in _sharing(name, mode), name


def _sharing(name: str, mode: str) -> set[str]:
    bare = evidence.bare(name)
    return {
        one.key
        for one in fields.choices(mode)
        if bare in {evidence.bare(other) for other in one.names}
    }


def test_no_two_fields_claim_the_same_name() -> None:
    for mode in fields.MODES:
        for one in fields.choices(mode):
            for name in one.names:
                assert _sharing(name, mode) == {one.key}, name


@pytest.mark.parametrize(
    "headers",
    [
        ["订单号", "收件人", "收件人手机", "收件地址", "收件城市", "货物名称", "件数", "毛重（KG）"],
        ["訂單號", "收貨人", "收貨電話", "收貨地址", "收貨城市", "貨物名稱", "數量", "重量"],
        ["Order No.", "Consignee", "Consignee phone", "Consignee address", "Consignee city",
         "Item description", "Qty", "Gross Weight (kg)"],
        ["order_ref", "consignee_name", "consignee_phone", "consignee_address", "consignee_city",
         "goods", "quantity", "weight"],
    ],
)  # fmt: skip
def test_headers_of_three_languages_leave_nothing_to_choose(headers: list[str]) -> None:
    guessed = mapping.guess(headers)
    assert list(guessed.columns.values()) == [
        "order_ref", "consignee_name", "consignee_phone", "consignee_address", "consignee_city",
        "goods", "quantity", "weight",
    ]  # fmt: skip
    assert (guessed.mode, mapping.missing(guessed)) == ("new", [])


def test_a_near_name_is_guessed_and_a_stranger_is_not() -> None:
    guessed = mapping.guess(["Consignee adress", "Colour"])
    assert guessed.columns == {"Consignee adress": "consignee_address"}


def test_a_guess_that_no_cell_fits_is_withdrawn() -> None:
    assert mapping.guess(["Unit"], [["30"], ["60"]]).columns == {}
    assert mapping.guess(["Unit"], [["pcs"], ["60"]]).columns == {"Unit": "unit"}


@pytest.mark.parametrize(
    ("header", "unit"),
    [("Weight (Kilograms)", "kilograms"), ("重量(g)", "g"), ("重量（克）", "克"), ("weight_g", "g"),
     ("重量", "kg"), ("长(mm)", "mm"), ("Freight Cost (USD)", "USD"), ("运费（元）", "CNY"), ("运费", None)],
)  # fmt: skip
def test_a_header_names_its_unit(header: str, unit: str | None) -> None:
    guessed = mapping.guess([header, "签收日期"])
    assert guessed.units.get(header) == unit


def test_a_signature_forgets_spaces_and_case_but_not_columns() -> None:
    assert mapping.signature(["Order No.", "QTY"]) == mapping.signature(["order no", " qty "])
    assert mapping.signature(["a", "b"]) != mapping.signature(["ab"])


def test_a_mapping_is_remembered_whole_and_nonsense_is_dropped() -> None:
    guessed = mapping.guess(["订单号", "重量(g)", "下单时间"])
    assert mapping.from_json(guessed.as_json()) == guessed
    nonsense = {"mode": "x", "columns": {"a": "nothing", "b": 3}, "constants": [], "units": {"a": "parsec"},
                "orders": {"a": "ymd"}}  # fmt: skip
    assert mapping.from_json(nonsense) == mapping.ColumnMap()


@pytest.mark.parametrize(
    "change",
    [
        {"columns": {"订单号": "order_ref"}},
        {"columns": {"订单号": "goods", "品名": "goods"}},
        {"columns": {"elsewhere": "goods"}},
    ],
)
def test_a_mapping_that_cannot_do_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(SheetError):
        read(f"{HEAD}\n{LINE}", change)


def test_every_bad_cell_is_named() -> None:
    draft, _ = read(f"{HEAD}\nSO-9,,123,文三路,杭州,洗衣液,-1,堆,0\n{LINE}")
    assert draft.blocked
    assert sorted(found(draft)) == [
        (2, "consignee_name", "", "empty"),
        (2, "consignee_phone", "123", "unreadable"),
        (2, "quantity", "-1", "unreadable"),
        (2, "unit", "堆", "unreadable"),
        (2, "weight", "0", "unreadable"),
    ]


def test_lines_of_one_order_are_its_pieces_wherever_they_stand() -> None:
    other = LINE.replace("SO-1", "SO-2")
    first, second = read(f"{HEAD}\n{LINE}\n{other}\nSO-1,,,,,牙膏,2,盒,1")
    assert (first.order["order_ref"], first.lines) == ("SO-2", (3,))
    assert [piece["goods"] for piece in second.order["pieces"]] == ["洗衣液", "牙膏"]
    assert (second.lines, second.problems) == ((2, 4), [])


def test_lines_of_one_order_may_not_contradict_each_other() -> None:
    (draft,) = read(f"{HEAD}\n{LINE}\n{LINE.replace('王小明', '李四')}")
    assert found(draft) == [(3, "consignee_name", "李四", "differs")]
    assert draft.blocked


def test_an_order_number_of_two_consignments_is_named() -> None:
    change = {"columns": {**mapping.guess(HEAD.split(",")).columns, "运单号": "consignment"}}
    _, second = read(f"{HEAD},运单号\n{LINE},A\n{LINE},B", change)
    assert found(second) == [(3, "order_ref", "SO-1", "twice")]


def test_each_line_without_an_order_number_is_told() -> None:
    lines = LINE.replace("SO-1", "")
    assert [found(draft) for draft in read(f"{HEAD}\n{lines}\n{lines}")] == [
        [(2, "order_ref", "", "empty")],
        [(3, "order_ref", "", "empty")],
    ]


def test_parts_of_an_address_are_joined() -> None:
    text = "订单号,收货人,收货电话,省,市,区,详细地址,品名,数量,重量\nSO-1,王,13800138000,浙江省,杭州市,西湖区,文三路 1 号,书,1,1"
    (draft,) = read(text)
    assert draft.order["consignee"]["address"] == "浙江省西湖区文三路 1 号"
    assert draft.order["consignee"]["city"] == "杭州市"


def test_words_for_nothing_leave_optional_cells_empty() -> None:
    (draft,) = read(f"{HEAD},代收货款\n{LINE},无")
    assert not draft.problems
    assert "cod" not in draft.order


def test_a_decimal_comma_is_seen_in_its_column() -> None:
    text = f"{HEAD}\n{LINE}".replace(",", ";").replace("12.5", "12,5")
    assert read(text)[0].order["pieces"][0]["weight_g"] == 12_500


def test_cells_beyond_the_header_are_told() -> None:
    (draft,) = read(f"{HEAD}\n{LINE},surplus")
    assert found(draft) == [(2, "", "surplus", "width")]


def test_a_window_that_ends_before_it_begins_is_told() -> None:
    (draft,) = read(f"{HEAD},最早送达,最晚送达\n{LINE},2026-11-22,2026-11-21")
    assert [one.field for one in draft.problems] == ["window_to"]


def test_a_fixed_value_stands_for_a_missing_column() -> None:
    (draft,) = read(f"{HEAD}\n{LINE}", {"constants": {"consignor": "own", "service": "冷链", "consignee_country": "中国"}})  # fmt: skip
    assert draft.order["service"] == "cold"
    assert [one.field for one in draft.problems] == []
    assert draft.order["consignee"]["country"] == "CN"


def test_a_fixed_value_that_cannot_be_read_is_refused_once() -> None:
    with pytest.raises(SheetError):
        read(f"{HEAD}\n{LINE}", {"constants": {"consignor": "own", "service": "teleport"}})


def test_a_unit_of_another_kind_is_passed_over() -> None:
    (draft,) = read(f"{HEAD}\n{LINE}", {"units": {"重量(kg)": "USD"}})
    assert draft.order["pieces"][0]["weight_g"] == 12_500
