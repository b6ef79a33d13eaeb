"""The member's pages of inbound notices, by HTTP."""

import io
import re

import pypdfium2
import pytest
from sqlalchemy import select

from portal.core import scope
from portal.core.db import db, write
from portal.warehousing.inbound.models import Difference, InboundNotice, NoticeLine
from portal.warehousing.sites.models import Dock, DockBooking, WarehouseWorker
from portal.warehousing.sites.service.docks import free_slots
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.inbound_making import (
    House,
    arrive,
    finish,
    make_arrived,
    make_notice,
    receive,
    said_line,
)
from tests.warehousing.making import _insert, in_days, make_sku


@pytest.fixture
def house(app):
    return House(code="HZ1")


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def page(as_user, company):
    return as_user(make_colleague(company))


def rows(model, **values):
    table = model.__table__
    wanted = select(table).where(*(table.c[name] == value for name, value in values.items()))
    return list(db.session.execute(wanted.order_by(table.c.id).execution_options(**scope.CENTRE)))


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def line(sku, quantity="10", **values):
    fields = {
        "sku": sku,
        "quantity": quantity,
        "level": "each",
        "lot": "",
        "expires_on": "",
        "sscc": "",
    }
    return fields | values


def form(*lines, **head):
    sent = {"warehouse": "HZ1", "once": "k" * 10, "do": "announce", **head}
    for name in ("sku", "quantity", "level", "lot", "expires_on", "sscc"):
        sent[name] = [each[name] for each in lines]
    return sent


def test_an_empty_list_says_what_to_do(page, house):
    assert "Nothing announced yet" in text(page.get("/portal/inbound"))


def test_goods_are_announced_by_a_form(page, house, company):
    sku = make_sku(company, code="TEA")
    answer = page.post(
        "/portal/inbound/new", form(line("tea", "12"), order_ref="PO-1", supplier="Hill & Co")
    )
    assert answer.status_code == 302
    (notice,) = rows(InboundNotice)
    assert (notice.status, notice.order_ref, notice.supplier) == ("announced", "PO-1", "Hill & Co")
    assert [each.announced for each in rows(NoticeLine)] == [12]
    shown = text(page.get(f"/portal/inbound/{notice.ref}"))
    assert "Hill &amp; Co" in shown or "Hill & Co" in shown
    assert sku.code in shown
    assert notice.ref in text(page.get("/portal/inbound"))


def test_a_form_that_is_sent_twice_is_one_notice(page, house, company):
    make_sku(company, code="TEA")
    for _ in range(2):
        page.post("/portal/inbound/new", form(line("TEA")))
    assert len(rows(InboundNotice)) == 1


def test_lines_are_added_and_removed_without_a_script(page, house, company):
    make_sku(company, code="TEA")
    answer = page.post("/portal/inbound/new", form(line("TEA"), do="add"))
    assert answer.get_data(as_text=True).count('name="sku"') == 6
    answer = page.post("/portal/inbound/new", form(line("TEA"), line("MILK"), do="remove-0"))
    shown = answer.get_data(as_text=True)
    assert "MILK" in shown
    assert 'value="TEA"' not in shown.split("<datalist")[0]
    assert rows(InboundNotice) == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"sku": "NOPE"}, "no goods with the code NOPE"),
        ({"quantity": "many"}, "Enter a number"),
        ({"quantity": "-1"}, "above 0"),
        ({"quantity": "1.5"}, "whole number"),
        ({"level": "pallet"}, "not packed by"),
        ({"level": "barrel"}, "Choose one from the list"),
        ({"lot": "A"}, "not kept by lot"),
        ({"expires_on": "soon"}, "year-month-day"),
        ({"sscc": "123"}, "no SSCC"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(
    page, house, company, wrong, sentence
):
    make_sku(company, code="TEA")
    answer = page.post("/portal/inbound/new", form(line("TEA"), line("TEA") | wrong))
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert f'id="lines-1-{next(iter(wrong))}-e"' in answer.get_data(as_text=True)
    assert rows(InboundNotice) == []


def test_all_that_is_wrong_is_said_at_once(page, house, company):
    House(code="SH1")
    make_sku(company, code="TEA")
    answer = page.post(
        "/portal/inbound/new", form(line("TEA", quantity="many")) | {"warehouse": ""}
    )
    assert answer.status_code == 422
    assert "Choose the warehouse" in text(answer)
    assert "Enter a number" in text(answer)


def test_a_notice_without_lines_is_refused_and_a_draft_without_is_not(page, house, company):
    assert page.post("/portal/inbound/new", form()).status_code == 422
    assert page.post("/portal/inbound/new", form(do="draft")).status_code == 302
    (notice,) = rows(InboundNotice)
    assert notice.status == "draft"
    assert page.post(f"/portal/inbound/{notice.ref}/announce").status_code == 422


def test_rows_are_pasted_from_a_sheet(page, house, company):
    make_sku(company, code="TEA")
    make_sku(company, code="MILK", lot_policy="lot")
    pasted = "货号\t数量\t批次\nTEA\t12\t\nMILK\t3\tM-1\n"
    answer = page.post("/portal/inbound/sheet", {"warehouse": "HZ1", "pasted": pasted})
    assert answer.status_code == 302
    assert [(each.announced, each.lot_code) for each in rows(NoticeLine)] == [(12, ""), (3, "M-1")]


def test_a_sheet_with_wrong_lines_names_each_and_announces_nothing(page, house, company):
    make_sku(company, code="TEA")
    good = [f"TEA,{n},L{n}" for n in range(1, 5)]
    body = "\n".join(["SKU,Quantity,SSCC", "TEA,2,", "NOPE,2,", "TEA,x,", "TEA,1,123"])
    sent = {"warehouse": "HZ1", "file": (io.BytesIO(body.encode()), "notice.csv")}
    answer = page.post("/portal/inbound/sheet", sent, content_type="multipart/form-data")
    shown = text(answer)
    assert answer.status_code == 422
    assert "3 lines are wrong; nothing was announced" in shown
    for number, words in ((3, "no goods with the code"), (4, "Enter a number"), (5, "no SSCC")):
        assert f"Line {number}: " in shown
        assert words in shown
    assert rows(InboundNotice) == []
    assert good


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "The file is empty."),
        ("SKU,Quantity,Qty\nTEA,1,999\n", "mean the same here"),
        ("SKU,Quantity,Lot\nTEA,1,=A1\n", "Line 2: This cell holds a formula"),
    ],
)
def test_a_sheet_that_leaves_a_doubt_announces_nothing(page, house, company, body, sentence):
    make_sku(company, code="TEA", lot_policy="lot")
    sent = {"warehouse": "HZ1", "file": (io.BytesIO(body.encode()), "notice.csv")}
    answer = page.post("/portal/inbound/sheet", sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert rows(InboundNotice) == []


def test_the_template_is_read_back(page, house, company):
    make_sku(company, code="TEA")
    sheet = page.get("/portal/inbound/template.csv", buffered=True).get_data()
    sent = {"warehouse": "HZ1", "file": (io.BytesIO(sheet), "notice.csv")}
    answer = page.post("/portal/inbound/sheet", sent, content_type="multipart/form-data")
    assert answer.status_code == 302
    assert rows(NoticeLine)[0].announced == 12


def test_a_slot_is_chosen_changed_and_given_back(page, house, company):
    _insert(Dock, warehouse_id=house.id, code="D1", kind="in", location_id=house.lane.id)
    ref = make_notice(house, company, said_line(make_sku(company)))
    day = in_days(3)
    slots = []
    while not slots:
        slots = write(lambda on, day=day: free_slots(house.id, "in", day, on))
        day = day.fromordinal(day.toordinal() + 1)
    page.post(f"/portal/inbound/{ref}/slot", {"slot": slots[0].value})
    assert rows(InboundNotice)[0].status == "scheduled"
    page.post(f"/portal/inbound/{ref}/slot", {"slot": slots[1].value})
    assert rows(InboundNotice)[0].expected_at == slots[1].starts_at
    assert len(rows(DockBooking)) == 1
    assert "D1" in text(page.get(f"/portal/inbound/{ref}"))
    page.post(f"/portal/inbound/{ref}/slot", {"do": "give_up"})
    assert rows(InboundNotice)[0].status == "announced"
    assert rows(DockBooking) == []
    assert page.post(f"/portal/inbound/{ref}/slot", {}).status_code == 422
    assert page.post(f"/portal/inbound/{ref}/slot", {"slot": "D9|x"}).status_code == 422


def test_a_notice_is_changed_until_it_arrives(page, house, company):
    sku = make_sku(company, code="TEA")
    ref = make_notice(house, company, said_line(sku, 5))
    assert 'value="TEA"' in page.get(f"/portal/inbound/{ref}/edit").get_data(as_text=True)
    page.post(f"/portal/inbound/{ref}/edit", form(line("TEA", "7"), vehicle="浙A12345", do="save"))
    assert rows(NoticeLine)[0].announced == 7
    arrive(ref)
    answer = page.post(
        f"/portal/inbound/{ref}/edit", form(line("TEA", "9"), once="z" * 9, do="save")
    )
    assert answer.status_code == 422
    assert rows(NoticeLine)[0].announced == 7


def test_a_notice_is_cancelled_only_before_receiving(page, house, company):
    sku = make_sku(company)
    ref = make_notice(house, company, said_line(sku))
    assert "It cannot be taken back" in text(page.get(f"/portal/inbound/{ref}/cancel"))
    page.post(f"/portal/inbound/{ref}/cancel", {"reason": "Sold on the way"})
    assert rows(InboundNotice)[0].status == "cancelled"
    assert "Sold on the way" in text(page.get(f"/portal/inbound/{ref}"))
    other = make_arrived(house, company, said_line(sku))
    receive(other, sku, 1)
    assert page.post(f"/portal/inbound/{other}/cancel", {}).status_code == 409


def test_differences_are_answered_line_by_line(page, house, company):
    sku = make_sku(company, code="TEA")
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 8)
    finish(ref)
    (row,) = rows(Difference)
    assert "2 pcs less came" in text(page.get(f"/portal/inbound/{ref}"))
    path = f"/portal/inbound/{ref}/differences/{row.id}"
    refused = page.post(path, {"do": "decline"})
    assert refused.status_code == 422
    assert "Say why you decline" in text(refused)
    page.post(path, {"do": "decline", f"note-{row.id}": "We loaded 10"})
    assert rows(Difference)[0].status == "declined"
    assert page.post(path, {"do": "accept"}).status_code == 409


def test_a_paper_is_attached_and_sent_back(page, house, company):
    ref = make_notice(house, company, said_line(make_sku(company)))
    sent = {"file": (io.BytesIO(b"one,two\n"), "note.csv")}
    page.post(f"/portal/inbound/{ref}/files", sent, content_type="multipart/form-data")
    shown = page.get(f"/portal/inbound/{ref}").get_data(as_text=True)
    path = re.search(rf"/portal/inbound/{ref}/files/F\w+", shown).group()
    answer = page.get(path)
    assert answer.get_data() == b"one,two\n"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_receipt_is_a_pdf_in_the_readers_language(page, house, company):
    sku = make_sku(company, code="TEA", names={"zh-Hans": "龙井茶"}, name="龙井茶")
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 8)
    shown = page.get(f"/portal/inbound/{ref}").get_data(as_text=True)
    path = re.search(rf"/portal/inbound/{ref}/receipts/RC\w+\.pdf", shown).group()
    paper = pypdfium2.PdfDocument(page.get(f"{path}?lang=zh-Hans").get_data())
    words = paper[0].get_textpage().get_text_range()
    paper.close()
    assert "龙井茶" in words
    assert ref in words


def test_the_print_view_has_the_code_of_the_reference(page, house, company):
    ref = make_notice(house, company, said_line(make_sku(company)))
    shown = page.get(f"/portal/inbound/{ref}/print").get_data(as_text=True)
    assert f'aria-label="{ref}"' in shown


def test_the_list_is_filtered_and_paged(page, house, company):
    sku = make_sku(company, code="TEA")
    refs = [make_notice(house, company, said_line(sku), order_ref=f"PO-{n}") for n in range(5)]
    assert refs[3] in text(page.get("/portal/inbound?q=po-3"))
    assert refs[2] not in text(page.get("/portal/inbound?q=po-3"))
    assert refs[0] in text(page.get("/portal/inbound?q=TEA"))
    assert "No notice fits" in text(page.get("/portal/inbound?status=completed"))
    first = page.get("/portal/inbound?limit=2").get_data(as_text=True)
    older = re.search(r'rel="next" href="([^"]+)"', first).group(1).replace("&amp;", "&")
    second = page.get(older).get_data(as_text=True)
    assert refs[2] in second
    newer = re.search(r'rel="prev" href="([^"]+)"', second).group(1).replace("&amp;", "&")
    assert refs[4] in page.get(newer).get_data(as_text=True)
    assert page.get("/portal/inbound?after=nonsense").status_code == 422


PARTS = (
    "",
    "/head",
    "/lines",
    "/differences",
    "/papers",
    "/row",
    "/edit",
    "/slot",
    "/cancel",
    "/print",
)


def test_a_stranger_finds_nothing(as_user, house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 8)
    finish(ref)
    (row,) = rows(Difference)
    stranger = as_user(make_colleague(make_company()))
    for part in PARTS:
        assert stranger.get(f"/portal/inbound/{ref}{part}").status_code == 404, part
    for part in ("/announce", "/slot", "/cancel", f"/differences/{row.id}"):
        assert stranger.post(f"/portal/inbound/{ref}{part}", {"do": "accept"}).status_code == 404, (
            part
        )
    assert ref not in text(stranger.get("/portal/inbound"))
    assert rows(Difference)[0].status == "open"


def test_who_may_only_look_changes_nothing(as_user, house, company):
    ref = make_notice(house, company, said_line(make_sku(company)))
    viewer = as_user(make_colleague(company, role="viewer"))
    assert viewer.get(f"/portal/inbound/{ref}").status_code == 200
    assert viewer.get("/portal/inbound/new").status_code == 403
    assert viewer.post(f"/portal/inbound/{ref}/cancel", {}).status_code == 403


# ---- the desk ----


@pytest.fixture
def desk(as_user):
    return as_user(make_person(staff_role="warehouse"))


def test_the_desk_receives_by_a_form(desk, house, company):
    sku = make_sku(company, code="TEA")
    ref = make_notice(house, company, said_line(sku, 10))
    assert ref in text(desk.get("/desk/warehouse/inbound"))
    desk.post(f"/desk/warehouse/inbound/{ref}/arrive", {})
    typed = {"code": "TEA", "quantity": "8", "condition": "good", "level": "each"}
    desk.post(f"/desk/warehouse/inbound/{ref}/receive", typed)
    assert rows(NoticeLine)[0].received == 8
    wrong = desk.post(f"/desk/warehouse/inbound/{ref}/receive", typed | {"code": "NOPE"})
    assert wrong.status_code == 422
    assert "Nobody has goods with the code NOPE" in text(wrong)
    over = desk.post(f"/desk/warehouse/inbound/{ref}/receive", typed)
    assert over.status_code == 409
    assert "supervisor" in text(over)
    assert (
        desk.post(
            f"/desk/warehouse/inbound/{ref}/receive", typed | {"confirmed": "over", "reason": "x"}
        ).status_code
        == 422
    )
    desk.post(f"/desk/warehouse/inbound/{ref}/finish", {"do": "finish", "note": "Two boxes open"})
    shown = text(desk.get(f"/desk/warehouse/inbound/{ref}"))
    assert "2 pcs less came" in shown
    assert rows(InboundNotice)[0].status == "received"


def test_a_supervisor_allows_more_with_a_reason(as_user, house, company):
    boss = as_user(make_person(staff_role="manager"))
    sku = make_sku(company, code="TEA")
    ref = make_arrived(house, company, said_line(sku, 10))
    typed = {"code": "TEA", "quantity": "12", "confirmed": "over"}
    assert boss.post(f"/desk/warehouse/inbound/{ref}/receive", typed).status_code == 422
    boss.post(f"/desk/warehouse/inbound/{ref}/receive", typed | {"reason": "Owner agreed"})
    assert rows(NoticeLine)[0].received == 12


def test_the_desk_enters_a_notice_for_a_company(as_user, house, company):
    agent = as_user(make_person(staff_role="agent"))
    make_sku(company, code="TEA")
    assert company.name in text(agent.get("/desk/warehouse/inbound/new"))
    sent = form(line("TEA", "5"), company=company.ref)
    assert agent.post("/desk/warehouse/inbound/new", sent).status_code == 302
    assert (rows(InboundNotice)[0].company_id, rows(InboundNotice)[0].source) == (
        company.id,
        "desk",
    )


def test_the_desk_looks_again_at_what_was_declined(as_user, page, house, company):
    boss = as_user(make_person(staff_role="manager"))
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 8)
    finish(ref)
    (row,) = rows(Difference)
    page.post(
        f"/portal/inbound/{ref}/differences/{row.id}", {"do": "decline", f"note-{row.id}": "No"}
    )
    boss.post(
        f"/desk/warehouse/inbound/{ref}/differences/{row.id}/again",
        {"do": "recount", "found": "0", "note": "Behind the rack"},
    )
    assert rows(Difference)[0].status == "settled"
    assert "Behind the rack" in text(page.get(f"/portal/inbound/{ref}"))


def test_people_of_another_house_do_not_see_a_notice(as_user, house, company):
    other = House()
    person = make_person(staff_role="warehouse")
    worker = WarehouseWorker.__table__.insert().values(person_id=person.id, warehouse_id=other.id)
    write(lambda on: on.execute(worker))
    ref = make_notice(house, company, said_line(make_sku(company)))
    assert as_user(person).get(f"/desk/warehouse/inbound/{ref}").status_code == 404
