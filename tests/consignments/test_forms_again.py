"""Orders that were begun before: drafts, amendments, copies, entries of the address book."""

from datetime import timedelta

import pytest

from portal.accounts.models import Company
from portal.consignments.models import Address, Piece
from portal.core import clock
from portal.core.db import db as database
from tests.consignments.typing_orders import NEW, all_of, entry, typed
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    push,
    reload,
)


def test_an_entry_of_the_book_fills_the_fields_without_script(company, owner):
    ref = entry(company)
    page = owner.post(NEW, typed(do="use:consignee", consignee__book=ref)).text
    assert 'value="Hafenstr. 1"' in page
    assert '<option selected value="DE">' in page


def test_another_companys_entry_fills_nothing(owner):
    ref = entry(make_company())
    page = owner.post(NEW, typed(do="use:consignee", consignee__book=ref)).text
    assert "Hafenstr. 1" not in page
    assert "周敏" in page


def test_an_address_is_kept_in_the_book_once(owner):
    owner.post(NEW, typed(consignee__keep="y"))
    owner.post(NEW, typed(consignee__keep="y", order_ref="SO-2"))
    assert [entry.name for entry in all_of(Address)] == ["周敏"]


def test_a_draft_may_lack_much_but_not_be_wrong(owner):
    assert (
        owner.post(
            NEW, {"do": "draft", "once": "k", "service": "standard", "consignee-name": "周敏"}
        ).status_code
        == 302
    )
    assert all_of()[0].status == "draft"
    assert (
        owner.post(
            NEW, {"do": "draft", "once": "k2", "service": "standard", "consignee-phone": "12"}
        ).status_code
        == 422
    )


def test_a_draft_is_amended_altogether_and_placed(owner):
    no = owner.post(NEW, typed(do="draft")).headers["Location"].rpartition("/")[2]
    page = owner.get(f"/portal/consignments/{no}/amend").text
    assert 'value="12.5"' in page
    changed = typed(pieces__0__goods="book", pieces__0__copies="2", service="express", do="order")
    assert owner.post(f"/portal/consignments/{no}/amend", changed).status_code == 302
    now = reload(no)
    assert (now.status, now.piece_count, now.service, now.status_seq) == (
        "ordered",
        2,
        "express",
        2,
    )
    assert [piece.goods for piece in all_of(Piece)] == ["book", "book"]


def test_an_incomplete_draft_cannot_be_placed(owner):
    no = (
        owner.post(NEW, {"do": "draft", "once": "k", "service": "standard"})
        .headers["Location"]
        .rpartition("/")[2]
    )
    assert owner.post(f"/portal/consignments/{no}/place").status_code == 422
    assert reload(no).status == "draft"


def test_a_placed_draft_is_promised_from_now_on(company, owner):
    no = make_consignment(company, begins="draft", ordered_at=clock.now() - timedelta(days=30)).no
    assert owner.post(f"/portal/consignments/{no}/place").status_code == 302
    now = reload(no)
    assert now.status == "ordered"
    assert now.delivery_planned > clock.now()


def test_parties_window_and_note_are_amended_after_ordering(company, owner):
    no = make_consignment(company).no
    form = typed(consignee__name="李雷", consignee__city="宁波", note="call first", do="save")
    assert owner.post(f"/portal/consignments/{no}/amend", form).status_code == 302
    now = reload(no)
    assert (now.consignee_name, now.consignee_city, now.note, now.piece_count) == (
        "李雷",
        "宁波",
        "call first",
        1,
    )
    assert no in owner.get("/portal/consignments?q=李雷").text


def test_amending_wrongly_changes_nothing(company, owner):
    no = make_consignment(company).no
    answer = owner.post(
        f"/portal/consignments/{no}/amend", typed(consignee__phone="1", note="lost?", do="save")
    )
    assert answer.status_code == 422
    assert "lost?" in answer.text
    assert reload(no).note is None


def test_what_was_picked_up_is_not_amended(company, owner):
    no = make_consignment(company).no
    push(no, "picked_up")
    assert owner.get(f"/portal/consignments/{no}/amend").status_code == 409
    assert owner.post(f"/portal/consignments/{no}/amend", typed()).status_code == 409


def test_a_copy_begins_with_everything_but_the_reference(company, owner):
    no = make_consignment(company, order_ref="SO-OLD").no
    page = owner.get(f"{NEW}?copy={no}").text
    assert 'value="周敏"' in page
    assert 'value="洗衣液"' in page
    assert "SO-OLD" not in page


def test_the_usual_consignor_stands_there_already(company, owner):
    row = database.session.get(Company, company.id)
    row.consignor = {
        "name": "三仓",
        "phone": "+8613800006021",
        "address": "江东大道",
        "city": "杭州",
        "country": "CN",
    }
    database.session.commit()
    assert 'value="三仓"' in owner.get(NEW).text


@pytest.mark.parametrize("path", ["amend", "place"])
def test_a_stranger_finds_nothing_to_change(company, as_user, path):
    no = make_consignment(company, begins="draft").no
    stranger = as_user(make_colleague())
    assert stranger.post(f"/portal/consignments/{no}/{path}", typed()).status_code == 404
    assert reload(no).status == "draft"


def test_a_stranger_cannot_copy(company, as_user):
    no = make_consignment(company).no
    assert as_user(make_colleague()).get(f"{NEW}?copy={no}").status_code == 404
