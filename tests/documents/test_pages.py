"""Papers of one consignment: who gets them, how they are sent, what stands on them."""

import pytest

from portal.consignments.service.orders import Unit
from portal.core import gs1
from tests.documents.reading import page_count, scanned, texts
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_key,
    party,
    push,
)

PAPERS = ("waybill", "label", "packing-list", "pod")


def units(count, **values):
    return [Unit(**({"goods": f"洗衣液 {n}", "weight_g": 1000 + n} | values)) for n in range(count)]


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def owner(company):
    return make_colleague(company)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_member_opens_each_paper_of_his_consignment(company, owner, as_user, paper):
    no = make_consignment(company, pieces=units(2)).no

    reply = as_user(owner).get(f"/portal/consignments/{no}/documents/{paper}.pdf")

    assert reply.status_code == 200
    assert reply.mimetype == "application/pdf"
    assert reply.data.startswith(b"%PDF-")
    assert reply.headers["Content-Disposition"] == f"inline; filename={paper}-{no}.pdf"
    assert int(reply.headers["Content-Length"]) == len(reply.data)
    assert reply.headers["Cache-Control"] == "private, no-cache"
    assert "sandbox" not in reply.headers["Content-Security-Policy"]
    assert all(no[:2] in page and no[-1] in page for page in texts(reply.data))


@pytest.mark.parametrize("paper", PAPERS)
def test_another_companys_papers_look_missing(company, as_user, with_key, paper):
    no = make_consignment(company).no
    stranger = make_colleague()

    page = as_user(stranger).get(f"/portal/consignments/{no}/documents/{paper}.pdf")
    program = with_key(make_key(stranger)).get(f"/api/v1/consignments/{no}/documents/{paper}.pdf")

    assert (page.status_code, program.status_code) == (404, 404)


def test_visitors_and_share_links_get_no_papers(company, browser):
    no = make_consignment(company).no

    page = browser.get(f"/portal/consignments/{no}/documents/label.pdf")
    program = browser.get(f"/api/v1/consignments/{no}/documents/label.pdf?token=x")

    assert page.status_code == 302
    assert program.status_code == 401
    assert browser.get(f"/track/{no}/documents/label.pdf").status_code == 404


def test_the_desk_opens_papers_of_every_company(company, as_user):
    no = make_consignment(company).no

    desk = as_user(make_dispatcher())

    assert desk.get(f"/desk/consignments/{no}/documents/waybill.pdf").status_code == 200


def test_programs_find_papers_by_the_links_of_a_consignment(company, owner, with_key):
    no = make_consignment(company).no
    program = with_key(make_key(owner, company))

    links = program.get(f"/api/v1/consignments/{no}").json["links"]

    for name in ("waybill", "label"):
        path = links[name].removeprefix("http://localhost")
        assert program.get(path).mimetype == "application/pdf"


def test_a_paper_that_did_not_change_is_not_sent_again(company, owner, as_user):
    no = make_consignment(company).no
    browser = as_user(owner)
    path = f"/portal/consignments/{no}/documents/waybill.pdf"
    etag = browser.get(path).headers["ETag"]

    same = browser.get(path, headers={"If-None-Match": etag})
    push(no, "picked_up")
    changed = browser.get(path, headers={"If-None-Match": etag})

    assert (same.status_code, same.data) == (304, b"")
    assert changed.status_code == 200


def test_each_piece_has_a_label_with_codes_that_read_back(company, owner, as_user):
    no = make_consignment(company, pieces=units(3)).no

    content = as_user(owner).get(f"/portal/consignments/{no}/documents/label.pdf").data

    pages = scanned(content)
    assert len(pages) == 3
    pieces = set()
    for found in pages:
        assert ("Code 128", no) in found
        assert ("QR Code", f"http://localhost/track/{no}") in found
        (sscc,) = (text for _kind, text in found if text.startswith("(00)"))
        assert gs1.is_sscc(sscc.removeprefix("(00)"))
        pieces.add(sscc)
    assert len(pieces) == 3


@pytest.mark.parametrize("dpi", [203, 300])
def test_labels_read_at_both_resolutions_of_printers(company, owner, as_user, dpi):
    no = make_consignment(company).no

    content = as_user(owner).get(f"/portal/consignments/{no}/documents/label.pdf").data

    assert len(scanned(content, dpi)[0]) == 3


def test_a_waybill_has_three_copies_with_codes(company, owner, as_user):
    no = make_consignment(company, pieces=units(2)).no

    content = as_user(owner).get(f"/portal/consignments/{no}/documents/waybill.pdf").data

    assert page_count(content) == 3
    for found in scanned(content):
        assert {("Code 128", no), ("QR Code", f"http://localhost/track/{no}")} <= found


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", ("Waybill", "Consignee", "Cash on delivery")),
        ("zh-Hans", ("收货方", "代收货款")),
        ("zh-Hant", ("收貨方", "代收貨款")),
    ],
)
def test_papers_speak_the_readers_language(company, owner, as_user, language, titles):
    no = make_consignment(company, consignee=party(name="周敏龙")).no
    browser = as_user(owner)

    reply = browser.get(f"/portal/consignments/{no}/documents/waybill.pdf?lang={language}")

    page = texts(reply.data)[0]
    assert all(title in page for title in titles)
    assert "周敏龙" in page


def test_a_consignment_without_pieces_has_no_label(company, owner, as_user):
    no = make_consignment(company, pieces=[]).no

    reply = as_user(owner).get(f"/portal/consignments/{no}/documents/label.pdf")

    assert reply.status_code == 409
    assert "no pieces" in reply.text


def test_a_delivered_consignment_has_a_proof_with_what_was_said(company, owner, as_user):
    no = make_consignment(company).no
    for code in ("picked_up", "in_transit", "dest_city", "out_for_delivery"):
        push(no, code)
    before = as_user(owner).get(f"/portal/consignments/{no}/documents/pod.pdf").data
    push(no, "delivered", note="Signed by 何师傅 at the gate", place="杭州")

    after = as_user(owner).get(f"/portal/consignments/{no}/documents/pod.pdf").data

    assert "Delivery note" in texts(before)[0]
    assert "Proof of delivery" in texts(after)[0]
    assert "何师傅 at the gate" in texts(after)[0]


def test_pages_of_a_consignment_lead_to_its_papers(company, owner, as_user):
    no = make_consignment(company).no

    page = as_user(owner).get(f"/portal/consignments/{no}").text
    desk = as_user(make_dispatcher()).get(f"/desk/consignments/{no}").text

    for paper in PAPERS:
        assert f"/portal/consignments/{no}/documents/{paper}.pdf" in page
        assert f"/desk/consignments/{no}/documents/{paper}.pdf" in desk
