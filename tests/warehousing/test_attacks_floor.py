"""The floor attacked: hidden fields that were changed, figures that are none, clocks that lie."""

import pytest

from portal.core.db import db
from portal.warehousing.ledger.queries import verifying
from tests.factories import make_company, make_person
from tests.warehousing.floor_making import (
    at,
    begin_carton,
    begun,
    checked,
    make_floor,
    picked,
    released,
)
from tests.warehousing.handheld import send
from tests.warehousing.inbound_making import House, make_arrived, said_line
from tests.warehousing.making import make_sku, make_stock

pytestmark = pytest.mark.both_databases
FLOOR = "/desk/warehouse/floor"
FIGURES = (
    "-1",
    "0",
    "0.0004",
    "NaN",
    "sNaN",
    "-NaN",
    "Infinity",
    "1e9",
    "1e99",
    "9e999999",
    "1e-400",
    "1e-999999999",
    "999999999",
    "1_0",
    "\uff11\uff12",
    "1,5",
    "",
    " ",
    "a",
    "\x00",
    "--1",
    "0x10",
    "²",
    "٣",
)
HUGE = (10**30, -(10**30), 2**63, -1, 0)


@pytest.fixture
def floor(app):
    return make_floor()


@pytest.fixture
def worker(as_user, floor):
    return as_user(make_person(staff_role="warehouse"))


def refused(browser, url, **said):
    """Send it; return what is said, which is a sentence and no failure of the portal."""
    answer = send(browser, url, **said)
    assert answer.status_code < 500, (url, said)
    if answer.status_code != 404:
        assert answer.json["say"], (url, said)
    return answer


def is_true():
    """Say whether the ledger agrees with itself."""
    return list(verifying.differences(db.session.connection())) == []


def test_figures_at_a_stop_that_are_none_are_refused(worker, floor):
    sku = make_sku(floor.company, gtin="6901234567892")
    make_stock(sku, floor.pick, 10)
    walk = begun(floor, released(floor, (sku, 4)))
    stop = at(floor.pick, sku)[0].id
    for figure in FIGURES:
        said = {"stop": stop, "located": "1", "counted": figure[:20]}
        url = f"{FLOOR}/pick/{walk}"
        refused(worker, f"{url}/scan", scan="L-x", **said)
        worker.get(f"{url}?stop={stop}&located=1&counted={figure}")
        refused(worker, f"{url}/take", **(said | {"counted": "1", "quantity": figure}))
        refused(worker, f"{url}/short", stop=stop, quantity=figure, reason="nothing")
    for huge in HUGE:
        refused(worker, f"{FLOOR}/pick/{walk}/scan", stop=huge, scan="x")
        refused(worker, f"{FLOOR}/pick/{walk}/short", stop=huge, quantity="1", reason="short")
    assert is_true()


@pytest.mark.parametrize("figure", FIGURES)
def test_goods_are_scanned_after_a_figure_that_is_none(worker, floor, figure):
    sku = make_sku(floor.company, gtin="6901234567892")
    make_stock(sku, floor.pick, 10)
    walk = begun(floor, released(floor, (sku, 4)))
    stop = at(floor.pick, sku)[0].id
    url = f"{FLOOR}/pick/{walk}"
    said = {"stop": stop, "located": "1", "counted": figure}
    refused(worker, f"{url}/scan", scan="6901234567892", **said)
    page = worker.get(f"{url}", query_string={"stop": stop, "located": 1, "counted": figure})
    assert page.status_code < 500
    refused(worker, f"{url}/take", **(said | {"quantity": "1"}))


def test_checking_and_packing_refuse_what_is_no_figure_or_no_row(worker, floor):  # noqa: C901 - each field has its turn
    order, sku = picked(floor)
    for figure in FIGURES:
        refused(worker, f"{FLOOR}/check/{order.ref}/count", sku_id=sku.id, quantity=figure)
        refused(
            worker, f"{FLOOR}/check/{order.ref}/count", sku_id=sku.id, quantity="1", holds=figure
        )
        refused(
            worker, f"{FLOOR}/check/{order.ref}/missing", line_id=1, quantity=figure, reason="short"
        )
    for huge in HUGE:
        refused(worker, f"{FLOOR}/check/{order.ref}/count", sku_id=huge, quantity="1")
        refused(
            worker, f"{FLOOR}/check/{order.ref}/missing", line_id=huge, quantity="1", reason="short"
        )
    order, sku = checked(floor)
    for huge in (*HUGE, *FIGURES):
        refused(worker, f"{FLOOR}/pack/{order.ref}/begin", kind=str(huge)[:20])
    carton = begin_carton(floor, order)
    for figure in FIGURES:
        url = f"{FLOOR}/pack/{order.ref}"
        refused(worker, f"{url}/put", carton=carton.id, sku_id=sku.id, quantity=figure)
        refused(worker, f"{url}/out", carton=carton.id, sku_id=sku.id, quantity=figure)
        refused(worker, f"{url}/close", carton=carton.id, weight=figure[:12])
    for huge in HUGE:
        for verb in ("put", "out"):
            refused(worker, f"{url}/{verb}", carton=huge, sku_id=sku.id, quantity="1")
            refused(worker, f"{url}/{verb}", carton=carton.id, sku_id=huge, quantity="1")
        for verb in ("close",):
            refused(worker, f"{url}/{verb}", carton=huge, weight="2")
        for verb in ("open", "void", "fill", "scan"):
            refused(worker, f"{url}/{verb}", carton=huge, scan="6901234567892")
    assert is_true()


def test_receiving_refuses_what_is_no_figure_row_day_lot_or_clock(worker, floor, app):  # noqa: C901 - each field has its turn
    house = House()
    other = make_sku(make_company())
    sku = make_sku(floor.company, has_expiry=True, lot_policy="lot")
    ref = make_arrived(house, floor.company, said_line(sku, 5))
    url = f"{FLOOR}/receive/{ref}/receive"
    lot = {"lot": "L1", "expires_on": "2030-01-01"}
    for figure in FIGURES:
        refused(worker, url, sku_id=sku.id, quantity=figure, confirmed="unannounced,lot", **lot)
    for huge in (*HUGE, other.id):
        refused(worker, url, sku_id=huge, quantity="1", **lot)
    for day in (
        "0001-01-01",
        "9999-12-31",
        "2030-02-30",
        "99999-01-01",
        "2030",
        "x",
        "1e9",
        "01.02.2030",
    ):
        refused(
            worker, url, sku_id=sku.id, quantity="1", lot="L2" + day, expires_on=day, made_on=day
        )
    for lot_code in ("\x00", "a\nb", "x" * 100, "‮x", "'", "=1+1", " "):
        refused(
            worker,
            url,
            sku_id=sku.id,
            quantity="1",
            lot=lot_code,
            expires_on="2030-01-01",
            confirmed="unannounced,lot,over,days",
            reason="x",
        )
    for level in ("pallet", "zzz", "each ", ""):
        refused(worker, url, sku_id=sku.id, quantity="1", level=level, **lot)
    for condition in ("", "fine", "approved"):
        refused(worker, url, sku_id=sku.id, quantity="1", condition=condition, **lot)
    for sscc in ("1", "123456789012345678", "x" * 18, "\x00"):
        refused(worker, url, sku_id=sku.id, quantity="1", sscc=sscc, **lot)
    for at_ in (
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-12:00",
        1e18,
        -1e18,
        "x",
        0,
    ):
        for sent in (
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "0001-01-01T00:00:00+14:00",
            1e30,
        ):
            refused(
                worker,
                url,
                sku_id=sku.id,
                quantity="1",
                at=at_,
                sent_at=sent,
                lot="C",
                expires_on="2030-01-01",
                confirmed="unannounced,lot",
            )
    for company in ("", "x", "\x00", "C" * 3000):
        refused(worker, f"{FLOOR}/receive/blind", company=company)
    for scan in (
        *FIGURES,
        "L-",
        "0" * 18,
        "]C1" + "0" * 500,
        "(01)06901234567892(17)999999",
        "(310",
        "IN\x00",
        "x" * 100000,
    ):
        refused(worker, f"{FLOOR}/receive/open", scan=scan)
        refused(worker, f"{FLOOR}/receive/{ref}/scan", scan=scan)
        refused(worker, f"{FLOOR}/find", scan=scan)
    for task in HUGE:
        refused(worker, f"{FLOOR}/put-away/{abs(task)}/put", scan="L-x", quantity="1")
    assert is_true()


def test_returns_moves_and_counts_refuse_rows_that_are_none(worker, floor):
    for huge in (*HUGE, 10**8):
        refused(worker, f"{FLOOR}/returns/found", sku_id=1, company_id=huge)
        refused(worker, f"{FLOOR}/move/what", from_id=huge, scan="L-x")
        refused(worker, f"{FLOOR}/move/quantity", balance_id=huge, quantity="1")
        refused(worker, f"{FLOOR}/move/put", balance_id=huge, quantity="1", scan="L-x")
        refused(worker, f"{FLOOR}/count/{abs(huge)}/look", scan="L-x")
        refused(worker, f"{FLOOR}/count/{abs(huge)}/tally", sku_id=1, company_id=1, quantity="1")
        refused(worker, f"{FLOOR}/returns/{abs(huge)}/look", scan="L-x")
        refused(worker, f"{FLOOR}/warehouse", warehouse=str(huge))
        for page in (
            "move?balance=",
            "move?unit=",
            "move?from=",
            "returns?goods=",
            "damage?at=",
            "damage?goods=",
            "damaged?goods=",
            "count?goods=",
        ):
            assert worker.get(f"{FLOOR}/{page}{huge}").status_code < 500, (page, huge)
        refused(worker, f"{FLOOR}/warehouse", warehouse_id=huge)
