"""Entering, amending and copying consignments by form."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Company
from portal.consignments.forms.kinds import e164
from portal.consignments.models import Address, Consignment, Piece
from portal.core import clock, scope
from portal.core.db import db as database
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    push,
    reload,
)

NEW = "/portal/consignments/new"


def typed(**changes):
    """Return what somebody typed who left nothing out."""
    form = {
        "once": "key-1",
        "do": "order",
        "order_ref": "SO-1",
        "service": "standard",
        "pieces-0-goods": "洗衣液",
        "pieces-0-copies": "1",
        "pieces-0-quantity": "24",
        "pieces-0-weight": "12.5",
        "pieces-0-length": "40",
        "pieces-0-width": "30",
        "pieces-0-height": "30",
        "declared_currency": "CNY",
        "cod_currency": "CNY",
    }
    for side, name in (("consignor", "华东家居 三仓"), ("consignee", "周敏")):
        form |= {
            f"{side}-name": name,
            f"{side}-phone": "138 0000 6021",
            f"{side}-address": "文一西路 998 号",
            f"{side}-city": "杭州",
            f"{side}-country": "CN",
        }
    return form | {key.replace("__", "-"): value for key, value in changes.items()}


def _all(table=Consignment):
    query = select(table.__table__).order_by(table.__table__.c.id)
    return database.session.execute(query.execution_options(**scope.CENTRE)).all()


def _count(table=Consignment):
    query = select(func.count()).select_from(table.__table__)
    return database.session.scalar(query.execution_options(**scope.CENTRE))


def test_an_order_is_placed_with_all_that_was_typed(owner):
    answer = owner.post(NEW, typed(declared="4860", note="轻放"))
    (made,) = _all()
    assert answer.headers["Location"] == f"/portal/consignments/{made.no}"
    assert (made.status, made.order_ref, made.consignee_phone) == (
        "ordered",
        "SO-1",
        "+8613800006021",
    )
    assert (made.gross_weight_g, made.volume_mm3, made.declared_minor) == (
        12_500,
        36_000_000,
        486_000,
    )
    assert (made.note, made.declared_currency, made.cod_minor) == ("轻放", "CNY", None)


def test_the_page_after_it_names_the_promise(owner):
    no = owner.post(NEW, typed()).headers["Location"].rpartition("/")[2]
    assert "is ordered. Pick-up until" in owner.get(f"/portal/consignments/{no}").text


def test_a_foreign_consignee_has_a_foreign_phone(owner):
    owner.post(
        NEW,
        typed(consignee__country="DE", consignee__phone="040 123456", consignee__city="Hamburg"),
    )
    (made,) = _all()
    assert (made.consignee_phone, made.consignee_country) == ("+4940123456", "DE")


def test_pieces_alike_are_pieces_each_with_its_code(owner):
    owner.post(NEW, typed(pieces__0__copies="3"))
    pieces = _all(Piece)
    assert len(pieces) == 3
    assert len({piece.sscc for piece in pieces}) == 3


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("consignee-name", "", "Who is it?"),
        ("consignee-phone", "12", "too few digits"),
        ("consignee-phone", "138000060211234567", "too many digits"),
        ("consignee-phone", "call me", "Write the number in digits"),
        ("consignee-phone", "+999 123456", "country code"),
        ("consignee-address", "", "Please give the street."),
        ("consignee-country", "XX", "Choose a country"),
        ("consignee-city", "x" * 61, "At most 60 characters"),
        ("consignee-name", "a\x00b", "cannot be stored"),
        ("pieces-0-weight", "", "How heavy is it?"),
        ("pieces-0-weight", "heavy", "Write a number"),
        ("pieces-0-weight", "NaN", "Write a number"),
        ("pieces-0-weight", "1e99", "Write a number"),
        ("pieces-0-weight", "0", "between"),
        ("pieces-0-weight", "999999999999", "between"),
        ("pieces-0-copies", "1.5", "whole number"),
        ("pieces-0-copies", "100", "between"),
        ("pieces-0-height", "", "length, width and height"),
        ("service", "teleport", "Choose one of the services."),
        ("window_to", "2001-01-01T10:00", "That time is over."),
        ("window_to", "9999-12-31T23:59", "Write day and time"),
        ("window_to", "tomorrow", "Write day and time"),
        ("declared", "1.999", "do not have that many decimals"),
        ("declared", "-5", "Write a number"),
        ("note", "x" * 2001, "At most 2000 characters"),
        ("order_ref", "x" * 65, "At most 64 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(owner, field, value, sentence):
    answer = owner.post(NEW, typed() | {field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'href="#{field}"' in answer.text
    assert "文一西路 998 号" in answer.text
    assert _count() == 0


def test_a_wrong_figure_stays_as_it_was_typed(owner):
    assert 'value="12kg"' in owner.post(NEW, typed(pieces__0__weight="12kg")).text


@pytest.mark.parametrize("figure", ["\uff11\uff12.\uff15", "12,5", " 12.5 "])
def test_figures_are_read_as_people_type_them(owner, figure):
    owner.post(NEW, typed(pieces__0__weight=figure))
    assert _all()[0].gross_weight_g == 12_500


def test_a_window_must_not_end_before_it_begins(owner):
    day = f"{clock.now() + timedelta(days=2):%Y-%m-%d}"
    answer = owner.post(NEW, typed(window_from=f"{day}T16:00", window_to=f"{day}T10:00"))
    assert "ends before it begins" in answer.text


def test_a_window_is_the_promise(owner):
    day = clock.now().astimezone(clock.zone()).date() + timedelta(days=5)
    owner.post(NEW, typed(window_to=f"{day}T16:00"))
    (made,) = _all()
    local = made.delivery_planned.astimezone(clock.zone())
    assert (local.date(), local.hour) == (day, 16)
    assert made.window_to == made.delivery_planned


def test_sending_twice_makes_one(owner):
    first, second = owner.post(NEW, typed()), owner.post(NEW, typed())
    assert first.headers["Location"] == second.headers["Location"]
    assert _count() == 1


def test_sending_something_else_from_the_same_page_makes_another(owner):
    owner.post(NEW, typed())
    owner.post(NEW, typed(order_ref="SO-2"))
    assert _count() == 2


def test_a_reference_can_be_used_once(owner):
    owner.post(NEW, typed())
    answer = owner.post(NEW, typed(once="key-2"))
    assert answer.status_code == 422
    assert "You have used this reference before" in answer.text
    assert _count() == 1


def test_another_companys_reference_is_free(owner, as_user):
    as_user(make_colleague()).post(NEW, typed())
    assert owner.post(NEW, typed()).status_code == 302


def test_a_row_is_added_and_taken_away_without_script(owner):
    page = owner.post(NEW, typed(do="add")).text
    assert 'name="pieces-1-goods"' in page
    assert 'value="洗衣液"' in page
    two = typed(do="remove:0") | {"pieces-1-goods": "book", "pieces-1-weight": "2"}
    page = owner.post(NEW, two).text
    assert "洗衣液" not in page
    assert 'value="book"' in page
    assert _count() == 0


def test_rows_left_blank_are_forgotten(owner):
    owner.post(NEW, typed() | {"pieces-1-goods": "", "pieces-1-copies": "1", "pieces-1-weight": ""})
    assert _all()[0].piece_count == 1


def test_more_pieces_than_one_types_are_sent_to_the_import(owner):
    rows = {
        f"pieces-{n}-{name}": value
        for n in range(6)
        for name, value in (("goods", "x"), ("copies", "99"), ("weight", "1"))
    }
    assert "Please import them." in owner.post(NEW, typed() | rows).text


def _entry(company, **changes):
    values = {
        "ref": f"A{_count(Address)}",
        "company_id": company.id,
        "name": "Nordwind GmbH",
        "phone": "+4940123456",
        "address": "Hafenstr. 1",
        "city": "Hamburg",
        "country": "DE",
        "postcode": "20457",
        "division_code": None,
        "created_at": clock.now(),
    }
    database.session.execute(Address.__table__.insert().values(**(values | changes)))
    database.session.commit()
    return (values | changes)["ref"]


def test_an_entry_of_the_book_fills_the_fields_without_script(company, owner):
    ref = _entry(company)
    page = owner.post(NEW, typed(do="use:consignee", consignee__book=ref)).text
    assert 'value="Hafenstr. 1"' in page
    assert '<option selected value="DE">' in page


def test_another_companys_entry_fills_nothing(owner):
    ref = _entry(make_company())
    page = owner.post(NEW, typed(do="use:consignee", consignee__book=ref)).text
    assert "Hafenstr. 1" not in page
    assert "周敏" in page


def test_an_address_is_kept_in_the_book_once(owner):
    owner.post(NEW, typed(consignee__keep="y"))
    owner.post(NEW, typed(consignee__keep="y", order_ref="SO-2"))
    assert [entry.name for entry in _all(Address)] == ["周敏"]


def test_the_summary_shows_its_arithmetic(owner):
    page = owner.post("/portal/consignments/summary", typed(pieces__0__weight="5")).text
    assert "weighed 5 kg; volume 36 dm³ ÷ 6 = 6 kg" in page


@pytest.mark.parametrize("weight", ["", "rubbish", "9" * 400])
def test_the_summary_says_what_it_can_of_half_a_form(owner, weight):
    answer = owner.post(
        "/portal/consignments/summary",
        {"pieces-0-goods": "x", "pieces-0-weight": weight, "service": "??"},
    )
    assert answer.status_code == 200
    assert "1 piece without weight" in answer.text


def test_checking_sums_up_and_creates_nothing(owner):
    answer = owner.post(NEW, typed(do="preview"))
    assert answer.status_code == 200
    assert "12.5 kg" in answer.text
    assert _count() == 0


def test_a_draft_may_lack_much_but_not_be_wrong(owner):
    assert (
        owner.post(
            NEW, {"do": "draft", "once": "k", "service": "standard", "consignee-name": "周敏"}
        ).status_code
        == 302
    )
    assert _all()[0].status == "draft"
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
    assert [piece.goods for piece in _all(Piece)] == ["book", "book"]


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


@pytest.mark.parametrize("role", ["viewer", "finance", "requester"])
def test_who_may_not_order_is_refused(company, as_user, role):
    person = as_user(make_colleague(company, role))
    assert person.get(NEW).status_code == 403
    assert person.post(NEW, typed()).status_code == 403
    assert person.post("/portal/consignments/summary", typed()).status_code == 403
    assert _count() == 0


def test_staff_do_not_order_here(as_user):
    assert as_user(make_dispatcher()).get(NEW).status_code == 403


def test_hostile_text_stays_text_in_the_form(company, owner):
    evil = '"><script>alert(1)</script>'
    _entry(company, name=evil, city=evil, address=evil)
    page = owner.post(
        NEW, typed(consignee__name=evil, order_ref=evil, pieces__0__goods=evil, do="preview")
    ).text
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("given", "country", "stored"),
    [
        ("13800138000", "CN", "+8613800138000"),
        ("+86 138-0013-8000", "DE", "+8613800138000"),
        ("0571 5550 0100", "CN", "+8657155500100"),
        (
            "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10",
            "CN",
            "+8613800138000",
        ),
        ("040 123456", "DE", "+4940123456"),
        ("+852 2345 6789", "CN", "+85223456789"),
    ],
)
def test_phones_are_read_as_their_country_writes_them(given, country, stored):
    assert e164(given, country) == stored
