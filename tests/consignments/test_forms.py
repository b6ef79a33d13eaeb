"""Entering, amending and copying consignments by form."""

from datetime import timedelta

import pytest

from portal.consignments.forms.kinds import e164
from portal.consignments.models import Piece
from portal.core import clock
from tests.consignments.typing_orders import NEW, all_of, count_of, entry, typed
from tests.factories import (
    make_colleague,
    make_dispatcher,
)


def test_an_order_is_placed_with_all_that_was_typed(owner):
    answer = owner.post(NEW, typed(declared="4860", note="轻放"))
    (made,) = all_of()
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
    (made,) = all_of()
    assert (made.consignee_phone, made.consignee_country) == ("+4940123456", "DE")


def test_pieces_alike_are_pieces_each_with_its_code(owner):
    owner.post(NEW, typed(pieces__0__copies="3"))
    pieces = all_of(Piece)
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
    assert count_of() == 0


def test_a_wrong_figure_stays_as_it_was_typed(owner):
    assert 'value="12kg"' in owner.post(NEW, typed(pieces__0__weight="12kg")).text


@pytest.mark.parametrize("figure", ["\uff11\uff12.\uff15", "12,5", " 12.5 "])
def test_figures_are_read_as_people_type_them(owner, figure):
    owner.post(NEW, typed(pieces__0__weight=figure))
    assert all_of()[0].gross_weight_g == 12_500


def test_a_window_must_not_end_before_it_begins(owner):
    day = f"{clock.now() + timedelta(days=2):%Y-%m-%d}"
    answer = owner.post(NEW, typed(window_from=f"{day}T16:00", window_to=f"{day}T10:00"))
    assert "ends before it begins" in answer.text


def test_a_window_is_the_promise(owner):
    day = clock.now().astimezone(clock.zone()).date() + timedelta(days=5)
    owner.post(NEW, typed(window_to=f"{day}T16:00"))
    (made,) = all_of()
    local = made.delivery_planned.astimezone(clock.zone())
    assert (local.date(), local.hour) == (day, 16)
    assert made.window_to == made.delivery_planned


def test_sending_twice_makes_one(owner):
    first, second = owner.post(NEW, typed()), owner.post(NEW, typed())
    assert first.headers["Location"] == second.headers["Location"]
    assert count_of() == 1


def test_sending_something_else_from_the_same_page_makes_another(owner):
    owner.post(NEW, typed())
    owner.post(NEW, typed(order_ref="SO-2"))
    assert count_of() == 2


def test_a_reference_can_be_used_once(owner):
    owner.post(NEW, typed())
    answer = owner.post(NEW, typed(once="key-2"))
    assert answer.status_code == 422
    assert "You have used this reference before" in answer.text
    assert count_of() == 1


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
    assert count_of() == 0


def test_rows_left_blank_are_forgotten(owner):
    owner.post(NEW, typed() | {"pieces-1-goods": "", "pieces-1-copies": "1", "pieces-1-weight": ""})
    assert all_of()[0].piece_count == 1


def test_more_pieces_than_one_types_are_sent_to_the_import(owner):
    rows = {
        f"pieces-{n}-{name}": value
        for n in range(6)
        for name, value in (("goods", "x"), ("copies", "99"), ("weight", "1"))
    }
    assert "Please import them." in owner.post(NEW, typed() | rows).text


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
    assert count_of() == 0


@pytest.mark.parametrize("role", ["viewer", "finance", "requester"])
def test_who_may_not_order_is_refused(company, as_user, role):
    person = as_user(make_colleague(company, role))
    assert person.get(NEW).status_code == 403
    assert person.post(NEW, typed()).status_code == 403
    assert person.post("/portal/consignments/summary", typed()).status_code == 403
    assert count_of() == 0


def test_staff_do_not_order_here(as_user):
    assert as_user(make_dispatcher()).get(NEW).status_code == 403


def test_hostile_text_stays_text_in_the_form(company, owner):
    evil = '"><script>alert(1)</script>'
    entry(company, name=evil, city=evil, address=evil)
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
