"""Goods entered, changed, put out of use: what is refused, and with which words."""

from dataclasses import replace
from decimal import Decimal

import pytest

from portal.accounts.models import Company
from portal.core.db import db, write
from portal.core.errors import Invalid
from portal.core.events import EventRecord
from portal.warehousing.goods import queries
from portal.warehousing.goods.queries import Filter, goods_for, sku_for, sku_row
from portal.warehousing.goods.rules.draft import Draft, UnitDraft, problems, shortest, tidied
from portal.warehousing.goods.service import editing
from tests.factories import make_company, make_person, user_of
from tests.warehousing.making import make_location, make_stock, make_warehouse

pytestmark = pytest.mark.both_databases
EACH, OTHER, CASE = "6901234567892", "6901234567809", "16901234567899"
TEA = Draft(code="tea-1", names={"zh-Hans": "龙井茶", "en": "Longjing tea"}, gtin=EACH)
COLD = {"storage_class": "chilled", "temperature_min_c": 2, "temperature_max_c": 8}


def make(draft=TEA, company=None, **changes):
    company = company or make_company()
    id_ = write(lambda on: editing.create(replace(draft, **changes), company.id, by=None, on=on))
    return write(lambda on: sku_row(id_, company.id, on))


def change(row, draft):
    return write(lambda on: editing.change(row, draft, by=None, on=on))


def fields_of(caught):
    return [each.field for each in caught.value.errors]


def member_of(company_id):
    return user_of(make_person(), db.session.get(Company, company_id))


def case(holds=12, **values):
    return UnitDraft(level="case", holds=Decimal(holds), **values)


def test_goods_are_kept_as_they_were_entered(app):
    pallet = UnitDraft(level="pallet", holds=Decimal(480), weight_g=260_000)
    row = make(units=(pallet, case(gtin=CASE)))
    assert (row.code, row.name, row.gtin, row.active) == ("TEA-1", "龙井茶", EACH, True)
    units = write(lambda on: queries.units_of([row.id], row.company_id, on))[row.id]
    assert [(unit.level, unit.holds) for unit in units] == [("case", 12), ("pallet", 480)]
    told = db.session.query(EventRecord).filter_by(name="sku.created").one()
    assert told.payload["code"] == "TEA-1"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "a/b"}, "code"),
        ({"code": "x" * 41}, "code"),
        ({"names": {}}, "names"),
        ({"names": {"en": "x" * 121}}, "names.en"),
        ({"gtin": "6901234567890"}, "gtin"),
        ({"unit": "XXX"}, "unit"),
        ({"lot_policy": "serial", "unit": "KGM"}, "lot_policy"),
        ({"shelf_life_days": 30}, "shelf_life_days"),
        ({"has_expiry": True, "shelf_life_days": 30, "least_days_in": 31}, "least_days_in"),
        ({"has_expiry": True, "least_days_in": 10, "least_days_out": 11}, "least_days_out"),
        ({"storage_class": "frozen"}, "temperature_min_c"),
        ({**COLD, "temperature_max_c": 1}, "temperature_max_c"),
        ({"storage_class": "hazardous", "hazard_un": "1263"}, "hazard_class"),
        ({"hazard_un": "1263", "hazard_class": "3"}, "storage_class"),
        ({"storage_class": "hazardous", "hazard_un": "12", "hazard_class": "3"}, "hazard_un"),
        ({"length_mm": 10}, "length_mm"),
        ({"weight_g": 0}, "weight_g"),
        ({"low_stock": Decimal(-1)}, "low_stock"),
        ({"over_receipt_bp": 10_001}, "over_receipt_bp"),
        ({"units": (case(0),)}, "units.case.holds"),
        ({"units": (case("1.5"),)}, "units.case.holds"),
        ({"units": (case(gtin=EACH),)}, "units.case.gtin"),
        ({"units": (case(), case())}, "units.case.holds"),
        (
            {"units": (UnitDraft(level="inner", holds=Decimal(5)), case(12))},
            "units.case.holds",
        ),
        (
            {"units": (UnitDraft(level="inner", holds=Decimal(12)), case(12))},
            "units.case.holds",
        ),
    ],
)
def test_what_cannot_be_is_said_at_its_field(app, changes, field):
    found = problems(tidied(replace(TEA, **changes)))
    assert field in [each.field for each in found]
    assert all(str(each.message) for each in found)


def test_good_descriptions_have_no_problems(app):
    assert problems(tidied(replace(TEA, **COLD))) == []
    paint = {"storage_class": "hazardous", "hazard_un": "1263", "hazard_class": "3"}
    assert problems(tidied(replace(TEA, **paint))) == []


def test_a_gtin_is_kept_without_zeros_that_only_fill(app):
    assert shortest("06901234567892") == EACH
    assert shortest("0012345678905") == "012345678905"
    assert shortest(" 6901-2345 ") == "69012345"
    assert shortest("") is None


def test_a_code_is_the_owners_once_and_may_be_anothers_too(app):
    row = make()
    with pytest.raises(Invalid) as caught:
        write(lambda on: editing.create(replace(TEA, gtin=None), row.company_id, by=None, on=on))
    assert fields_of(caught) == ["code"]
    assert make().id != row.id


@pytest.mark.parametrize("units", [(), (case(gtin=CASE),)])
def test_a_gtin_belongs_to_one_kind_of_goods_of_an_owner(app, units):
    row = make(units=(case(gtin=CASE),))
    again = Draft(code="B", names={"en": "B"}, gtin=None if units else EACH, units=units)
    with pytest.raises(Invalid) as caught:
        write(lambda on: editing.create(again, row.company_id, by=None, on=on))
    assert fields_of(caught) == ["units.case.gtin" if units else "gtin"]
    assert "TEA-1" in str(caught.value.errors[0].message)


def test_what_was_changed_is_told_and_nothing_is_told_of_nothing(app):
    row = make(units=(case(),))
    assert change(row, replace(TEA, units=(case(),))) == []
    assert change(row, replace(TEA, code="TEA-2", units=(case(24),))) == ["code", "units"]
    told = db.session.query(EventRecord).filter_by(name="sku.changed").one()
    assert told.payload["what"] == ["code", "units"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "OTHER"}, "code"),
        ({"unit": "KGM"}, "unit"),
        ({"lot_policy": "lot"}, "lot_policy"),
        ({"has_expiry": True}, "has_expiry"),
    ],
)
def test_what_the_ledger_counts_by_cannot_change_once_there_was_stock(app, changes, field):
    row = make()
    make_stock(row, make_location(make_warehouse()))
    with pytest.raises(Invalid) as caught:
        change(row, replace(TEA, **changes))
    assert fields_of(caught) == [field]
    assert "cannot change" in str(caught.value.errors[0].message)
    assert change(row, replace(TEA, names={"en": "Green tea"})) == ["names", "name"]


def test_goods_are_found_by_words_codes_and_gtins_of_any_unit(app):
    row = make(units=(case(gtin=CASE),))
    user = member_of(row.company_id)
    for words in ("龙井", "tea-1", "longj", EACH, CASE):
        assert [r.id for r in goods_for(user, Filter(text=words)).items] == [row.id], words
    assert goods_for(user, Filter(text="coffee")).items == []
    change(row, replace(TEA, names={"en": "Coffee"}))
    assert [r.id for r in goods_for(user, Filter(text="coffee")).items] == [row.id]


def test_lists_go_on_where_they_stopped_in_every_order(app):
    company = make_company()
    for number in range(5):
        make(Draft(code=f"C{number}", names={"en": f"N{9 - number}"}), company)
    user = member_of(company.id)
    for sort, expected in (("code", "01234"), ("name", "43210"), ("newest", "43210")):
        first = goods_for(user, Filter(sort=sort), limit=3)
        rest = goods_for(user, Filter(sort=sort), after=first.next, limit=3)
        codes = [row.code for row in [*first.items, *rest.items]]
        assert codes == [f"C{number}" for number in expected], sort
        assert rest.next is None


def test_goods_out_of_use_are_left_out_unless_they_are_asked_for(app):
    row = make()
    write(lambda on: editing.set_active(row, False, by=None, on=on))
    user = member_of(row.company_id)
    assert goods_for(user, Filter()).items == []
    assert [r.id for r in goods_for(user, Filter(active=None)).items] == [row.id]
    assert sku_for(user, "tea-1").active is False
