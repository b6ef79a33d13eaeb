"""Goods found by their codes, their packing, and how they are counted."""

from decimal import Decimal

import pytest
from sqlalchemy import insert

from portal.core.db import db, transaction, write
from portal.core.errors import Refused
from portal.warehousing.goods import queries, rules
from portal.warehousing.goods.models import SkuUnit
from portal.warehousing.goods.scanning import by_code, is_known
from tests.factories import make_company
from tests.warehousing.making import make_sku

pytestmark = pytest.mark.both_databases
EACH, CASE = "6901234567892", "16901234567899"


def make_unit(sku, level="case", holds=12, **values):
    row = {"company_id": sku.company_id, "sku_id": sku.id, "level": level, "holds": holds}
    with transaction():
        db.session.execute(insert(SkuUnit.__table__).values(**row, **values))


@pytest.fixture
def goods(app):
    sku = make_sku(make_company(), code="TEA-1", gtin=EACH)
    make_unit(sku, gtin=CASE)
    make_unit(sku, "pallet", 480)
    return sku


@pytest.mark.parametrize(
    ("code", "level", "holds"),
    [
        (EACH, "each", 1),
        ("0" + EACH, "each", 1),
        (CASE, "case", 12),
        ("tea-1 ", "each", 1),
    ],
)
def test_goods_are_found_by_the_code_of_each_unit_and_by_their_own(goods, code, level, holds):
    found = write(lambda on: by_code(code, [goods.company_id], on))
    assert (found.sku.id, found.level, found.holds) == (goods.id, level, holds)
    sku, level_again, _ = found
    assert (sku.code, level_again) == ("TEA-1", level)


def test_nobodys_code_is_not_found(goods):
    assert write(lambda on: by_code("6901234567899", None, on)) is None
    assert write(lambda on: by_code("6901234567892 or 1=1", None, on)) is None


def test_another_owners_goods_are_not_found_but_told_from_unknown_ones(goods):
    other = make_company()
    assert write(lambda on: by_code(EACH, [other.id], on)) is None
    assert write(lambda on: is_known(EACH, on))
    assert not write(lambda on: is_known("NOTHING", on))


def test_a_code_of_two_owners_is_asked_back_unless_it_is_said_whose(goods):
    theirs = make_sku(make_company(), gtin=EACH)
    with pytest.raises(Refused):
        write(lambda on: by_code(EACH, None, on))
    assert write(lambda on: by_code(EACH, {theirs.company_id}, on)).sku.id == theirs.id


def test_quantities_in_packs_are_counted_in_the_base_unit(goods):
    units = write(lambda on: queries.units_of([goods.id], goods.company_id, on))[goods.id]
    assert [unit.level for unit in units] == ["case", "pallet"]
    assert rules.in_base(Decimal(2), "case", units) == 24
    assert rules.in_base(Decimal("0.5"), "each", units) == Decimal("0.5")
    assert rules.packed(Decimal(1000), units) == [("pallet", 2), ("case", 3), ("each", 4)]
    assert rules.packed(Decimal(0), units) == [("each", 0)]


def test_a_unit_that_the_goods_do_not_have_is_refused_with_a_sentence(goods):
    with pytest.raises(Refused, match="not packed by"):
        rules.in_base(Decimal(1), "inner", [])
    with pytest.raises(Refused, match="counted whole"):
        rules.counted(Decimal("1.5"), "C62")
    assert rules.counted(Decimal("1.5"), "KGM") == Decimal("1.5")


def test_rows_of_another_owner_are_left_out(goods):
    other = make_company()
    assert write(lambda on: queries.sku_rows([goods.id], other.id, on)) == {}
    assert write(lambda on: queries.skus_by_code(["tea-1"], other.id, on)) == {}
    assert set(write(lambda on: queries.skus_by_code([" tea-1"], goods.company_id, on))) == {
        "TEA-1"
    }
