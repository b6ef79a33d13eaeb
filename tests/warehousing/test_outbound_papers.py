"""Papers of orders that leave, read back as people and scanners read them."""

from dataclasses import replace

import pytest

from portal.core import gs1
from portal.documents.papers.marks import Brand
from portal.fulfilment.papers import label, lists
from portal.fulfilment.papers.facts import Carton, Party, Released, Row
from portal.fulfilment.papers.words import words
from tests.documents.reading import page_count, scanned, texts

BRAND = Brand("Lingang Distribution Centre", "Quayside", "0571 5550 0100", "a@b.example", "Lingang")


def carton(number, rows=2, **values):
    usual = {
        "number": number,
        "sscc": gs1.sscc("6901234", 4000 + number),
        "kind": "C8",
        "weight": "2.08 kg",
        "measures": "21.8 × 11.8 × 14.8 cm",
        "rows": tuple(
            Row(f"HD-{n:03d}", f"亚麻靠垫 {n}", "2610A", "2027-06-10", f"{n} pcs")
            for n in range(1, rows + 1)
        ),
    }
    return Carton(**(usual | values))


def released(cartons=2, **values):
    usual = {
        "ref": "OUT7XK2M9QR",
        "order_ref": "SO-118816",
        "owner": "华东家居",
        "service": "Standard delivery",
        "warehouse": Party("Harbour warehouse 1 (HZ1)", "", "临港大道 88 号", "311231 杭州"),
        "consignee": Party("周敏", "+86 138 0000 6021", "文一西路 998 号", "杭州", "138****6021"),
        "ordered": "2026-11-22 08:17",
        "ship_by": "2026-11-22 18:00",
        "shipped": "",
        "consignment": "",
        "cartons": tuple(carton(n) for n in range(1, cartons + 1)),
        "weight": "4.16 kg",
        "note": "",
    }
    return Released(**(usual | values))


@pytest.fixture
def said(app):
    with app.test_request_context():
        return words()


def test_the_code_of_a_carton_reads_back_as_gs1(said):
    facts = released(2)
    codes = scanned(label.draw("en", facts, facts.cartons, said, brand=BRAND))
    for found, box in zip(codes, facts.cartons, strict=True):
        read = {text for _kind, text in found}
        assert any(text.lstrip("\x1d").replace("(00)", "00") == f"00{box.sscc}" for text in read)
        assert facts.ref in read


def test_a_label_says_where_to_and_which_of_how_many_but_no_whole_phone_number(said):
    facts = released(3)
    pages = texts(label.draw("en", facts, facts.cartons, said, brand=BRAND))
    assert len(pages) == 3
    assert "周敏" in pages[1]
    assert "2/3" in pages[1]
    assert "138****6021" in pages[1]
    assert "0000 6021" not in pages[1]


def test_a_packing_list_says_what_is_in_which_carton(said):
    (page,) = texts(lists.packing_list("zh-Hans", released(2), said, BRAND))
    assert "HD-001" in page
    assert "2610A" in page
    assert "SO-118816" in page


def test_a_release_note_goes_on_over_pages_and_is_signed_at_its_end(said):
    facts = replace(released(), cartons=(carton(1, rows=120),))
    content = lists.release_note("en", facts, said, BRAND)
    assert page_count(content) > 1
    pages = texts(content)
    assert "HD-120" in "".join(pages)
    assert said["taken_by"] in pages[-1]
    assert "OUT7XK2M9QR" in {text for _kind, text in scanned(content)[0]}
