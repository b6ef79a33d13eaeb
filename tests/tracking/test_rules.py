"""The pure decisions of tracking."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.consignments.rules import numbers
from portal.consignments.rules.vocabulary import Status
from portal.tracking import rules

NO = "QS" + "4F7K2M9T0XB" + numbers.check_character("4F7K2M9T0XB")
OTHER = "QS" + "00000000000" + numbers.check_character("00000000000")
GOODS = SimpleNamespace(consignor_city="杭州", consignee_city="广州")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("  \n ,, ", []),
        (NO, [NO]),
        (NO.lower(), [NO]),
        (f"{NO} {OTHER}", [NO, OTHER]),
        (f"{NO},{OTHER}；{NO}", [NO, OTHER]),
        (f"{NO[:2]} {NO[2:8]} {NO[8:13]} {NO[13]} {OTHER}", [NO, OTHER]),
        (f"{NO[:8]}-{NO[8:]}\r\n{OTHER}", [NO, OTHER]),
        ("hello world", ["HELLO", "WORLD"]),
    ],
)
def test_numbers_are_found_in_what_people_paste(text, found):
    assert rules.numbers_in(text) == found


@pytest.mark.parametrize(
    ("code", "place", "city"),
    [
        ("ordered", None, "杭州"),
        ("picked_up", "文三路 8 号", "杭州"),
        ("in_transit", "广州黄埔仓", "广州"),
        ("hub_arrived", "武汉分拨中心", None),
        ("hub_departed", None, None),
        ("dest_city", None, "广州"),
        ("delivered", "前台", "广州"),
        ("lost", None, None),
        ("returned", None, "杭州"),
        ("note", "广州", "广州"),
    ],
)
def test_a_city_is_one_of_the_consignments_own(code, place, city):
    assert rules.city_of(code, place, GOODS) == city


@pytest.mark.parametrize("code", list(Status))
def test_no_status_ever_names_the_free_text_of_a_place(code):
    assert rules.city_of(code, "文一西路 998 号", GOODS) in ("杭州", "广州", None)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("周敏", "周*"),
        ("欧阳娜娜", "欧***"),
        ("Anna Schmidt", "A*** S***"),
        ("Bo", "B***"),
        ("", "*"),
        (None, "*"),
    ],
)
def test_names_are_masked(name, masked):
    assert rules.masked_name(name) == masked


@given(st.text())
def test_whatever_is_pasted_gives_distinct_numbers_without_space(text):
    found = rules.numbers_in(text)
    assert len(set(found)) == len(found)
    assert all(no and no == no.strip() for no in found)
