"""The member's list and detail pages."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from portal.consignments.models import Attachment
from portal.consignments.queries.one import head_for
from portal.consignments.service import retractions
from portal.consignments.service.orders import Unit
from portal.core import clock, files
from portal.core.db import db as database
from portal.core.db import transaction, write
from tests.factories import (
    make_colleague,
    make_consignment,
    make_dispatcher,
    party,
    push,
    reload,
    user_of,
)

LIST = "/portal/consignments"


def _numbers(page: str, *candidates: str) -> list[str]:
    return [no for no in candidates if f'data-no="{no}"' in page]


def test_the_list_shows_own_consignments_only(company, owner):
    own, foreign = make_consignment(company), make_consignment()
    page = owner.get(LIST).text
    assert _numbers(page, own.no, foreign.no) == [own.no]


def test_somebody_not_signed_in_is_shown_the_way_in(browser):
    assert "/login" in browser.get(LIST).headers["Location"]


def test_staff_have_their_own_pages(as_user):
    assert as_user(make_dispatcher()).get(LIST).status_code == 403


@pytest.mark.parametrize("part", ["", "/head", "/timeline", "/facts", "/row", "/cancel"])
def test_a_stranger_finds_nothing(company, as_user, part):
    no = make_consignment(company).no
    stranger = as_user(make_colleague())
    foreign = stranger.get(f"{LIST}/{no}{part}")
    missing = stranger.get(f"{LIST}/QS00000000000{part}")
    assert (foreign.status_code, missing.status_code) == (404, 404)


def test_a_strangers_wish_to_cancel_changes_nothing(company, as_user):
    no = make_consignment(company).no
    assert as_user(make_colleague()).post(f"{LIST}/{no}/cancel").status_code == 404
    assert reload(no).status == "ordered"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=SO-ALPHA", ["alpha"]),
        ("q=北京样品", ["alpha"]),
        ("city=Hamburg", ["beta"]),
        ("status=picked_up", ["beta"]),
        ("status=step:ordered", ["alpha"]),
        ("status=active", ["alpha", "beta"]),
        ("status=nonsense", []),
        ("q=nothing-like-it", []),
        ("from=2020-01-01&to=2020-12-31", []),
        ("sort=changed", ["alpha", "beta"]),
    ],
)
def test_conditions_stand_in_the_address(company, owner, asked, found):
    alpha = make_consignment(
        company, order_ref="SO-ALPHA", consignee=party(name="北京样品行", city="北京")
    )
    beta = make_consignment(company, consignee=party(city="Hamburg", country="DE"))
    push(beta.no, "picked_up")
    names = {alpha.no: "alpha", beta.no: "beta"}
    page = owner.get(f"{LIST}?{asked}").text
    assert [names[no] for no in _numbers(page, alpha.no, beta.no)] == found


def test_a_condition_can_be_taken_away_alone(company, owner):
    make_consignment(company)
    page = owner.get(f"{LIST}?q=周敏&city=杭州&status=active").text
    assert 'href="/portal/consignments?status=active&amp;city=%E6%9D%AD%E5%B7%9E"' in page
    assert 'href="/portal/consignments?status=active&amp;q=%E5%91%A8%E6%95%8F"' in page


def test_a_wrong_date_is_named_and_kept(company, owner):
    make_consignment(company)
    page = owner.get(f"{LIST}?from=yesterday").text
    assert "Write the date as year-month-day" in page
    assert 'value="yesterday"' in page


def test_pages_lead_there_and_back(company, owner):
    numbers = [make_consignment(company).no for _ in range(5)][::-1]
    first = owner.get(f"{LIST}?limit=2").text
    second = owner.get(_link(first, "next")).text
    third = owner.get(_link(second, "next")).text
    assert _numbers(second, *numbers) == numbers[2:4]
    assert _numbers(third, *numbers) == numbers[4:]
    back = owner.get(_link(third, "prev")).text
    assert _numbers(back, *numbers) == numbers[2:4]
    assert _numbers(owner.get(_link(back, "prev")).text, *numbers) == numbers[:2]


@pytest.mark.parametrize("sort", ["newest", "changed", "planned", "ordered"])
def test_every_order_pages_there_and_back(company, owner, sort):
    for hours in (3, 1, 2):
        make_consignment(company, ordered_at=clock.now() - timedelta(hours=hours))
    first = owner.get(f"{LIST}?limit=2&sort={sort}").text
    last = owner.get(_link(first, "next")).text
    back = owner.get(_link(last, "prev")).text
    assert _shown(back) == _shown(first)
    assert len(_shown(last)) == 1


def _shown(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('data-no="')[1:]]


def _link(page: str, rel: str) -> str:
    return page.split(f'rel="{rel}" href="')[1].split('"')[0].replace("&amp;", "&")


@pytest.mark.parametrize(
    "cursor", ["after=nonsense", "before=nonsense", "before=WzEsMTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwXQ"]
)
def test_a_page_marker_of_somebody_elses_making_is_no_accident(company, owner, cursor):
    make_consignment(company)
    assert owner.get(f"{LIST}?{cursor}").status_code in (200, 422)


def test_a_new_company_is_told_what_to_do(owner):
    assert "No consignments yet" in owner.get(LIST).text


def test_a_list_that_fits_nothing_says_so(company, owner):
    make_consignment(company)
    assert "No consignment fits" in owner.get(f"{LIST}?q=zzz").text


def test_the_tabs_count(company, owner):
    push(make_consignment(company).no, "picked_up")
    make_consignment(company)
    tabs = owner.get(f"{LIST}/counts?status=active").text
    assert tabs.count('<span class="count">2</span>') == 2
    assert tabs.count('<span class="count">1</span>') == 2


def test_the_row_of_the_list_is_the_row_that_comes_alone(company, owner):
    no = make_consignment(company).no
    row = owner.get(f"{LIST}/{no}/row").text.strip()
    assert row in owner.get(LIST).text


def test_the_list_costs_the_same_for_one_and_for_many(company, owner, statements):
    make_consignment(company)
    with statements() as for_one:
        owner.get(LIST)
    for _ in range(30):
        make_consignment(company)
    with statements() as for_many:
        owner.get(f"{LIST}?limit=50")
    assert len(for_many) == len(for_one)


def test_hostile_text_stays_text(company, owner):
    evil = '<script>alert("x")</script>'
    no = make_consignment(company, order_ref=evil, consignee=party(name=evil, city=evil)).no
    push(no, "picked_up", place=evil, note=evil)
    for path in (LIST, f"{LIST}/{no}", f"{LIST}?q={evil}&city={evil}"):
        assert "<script>alert" not in owner.get(path).text


@pytest.mark.parametrize("q", ["%00", "%ED%A0%80", "a" * 10_000, "‮abc", '" OR 1=1 --', "*", "()"])
def test_strange_searches_find_nothing_and_break_nothing(company, owner, q):
    make_consignment(company)
    assert owner.get(f"{LIST}?q={q}&city={q}").status_code == 200


def test_the_page_of_one_tells_its_story(company, owner):
    no = make_consignment(company, order_ref="SO-77").no
    push(no, "picked_up", place="三仓 B 门", note="称重 41.2 kg")
    page = owner.get(f"{LIST}/{no}").text
    for words in ("SO-77", "Picked up", "三仓 B 门", "称重 41.2 kg", "Standard delivery", "周敏"):
        assert words in page


def test_the_parts_that_follow_the_stream_are_those_of_the_page(company, owner):
    no = make_consignment(company).no
    page = owner.get(f"{LIST}/{no}").text
    for part in ("timeline", "facts"):
        assert owner.get(f"{LIST}/{no}/{part}").text.strip() in page
    assert f'data-fragment="{LIST}/{no}/head"' in page


def test_internal_events_stay_inside(company, owner):
    no = make_consignment(company).no
    push(no, "note", note="customer is difficult", published=False)
    assert "difficult" not in owner.get(f"{LIST}/{no}").text


def test_a_withdrawn_event_stays_and_is_struck_through(company, owner):
    no = make_consignment(company).no
    wrong = push(no, "picked_up", place="wrong door")
    dispatcher = make_dispatcher()
    staff = user_of(dispatcher)
    write(
        lambda on: retractions.retract(
            head_for(staff, no, on=on),
            wrong.id,
            reason="scanned by mistake",
            by=dispatcher.id,
            source="manual",
            on=on,
        )
    )
    page = owner.get(f"{LIST}/{no}/timeline").text
    assert "<s>Picked up</s>" in page
    assert "scanned by mistake" in page


def test_lateness_is_said_in_words(company, owner):
    no = make_consignment(company, window_to=clock.now() + timedelta(hours=1)).no
    push(
        no,
        "delivered",
        classifier="estimated",
        occurred_at=clock.now() + timedelta(hours=1, minutes=20),
    )
    assert "20 min late" in owner.get(LIST).text
    assert "Delivery will be late." in owner.get(f"{LIST}/{no}").text


def test_remarks_of_a_history_are_kept_as_given(company, owner):
    extra = {"remarks": {"Weight (Kilograms)": "Weight Captured Separately"}}
    no = make_consignment(company, begins="delivered", extra=extra).no
    page = owner.get(f"{LIST}/{no}").text
    assert "Weight Captured Separately" in page


def test_pieces_that_go_their_own_way_are_partly_delivered(company, owner):
    pieces = [_unit(), _unit()]
    no = make_consignment(company, pieces=pieces).no
    sscc = _first_sscc(owner.get(f"{LIST}/{no}/timeline").text)
    now = clock.now()
    for back, code in ((30, "picked_up"), (20, "dest_city"), (10, "out_for_delivery")):
        push(no, code, occurred_at=now - timedelta(minutes=back))
    push(no, "delivered", sscc=sscc, occurred_at=now - timedelta(minutes=5))
    assert "Partly delivered: 1 of 2 pieces" in owner.get(f"{LIST}/{no}").text


def _unit():
    return Unit(goods="book", weight_g=1000)


def _first_sscc(page: str) -> str:
    cells = page.split('<span class="no-ai">(00)</span>')[1].split("</span></span>")[0]
    return "".join(c for c in cells if c.isdigit())


def test_cancelling_asks_first_and_is_told_afterwards(company, owner):
    no = make_consignment(company).no
    assert "Cancel the consignment" in owner.get(f"{LIST}/{no}/cancel").text
    answer = owner.post(f"{LIST}/{no}/cancel", {"note": "ordered twice"})
    assert answer.status_code == 302
    assert reload(no).status == "cancelled"
    assert "ordered twice" in owner.get(f"{LIST}/{no}").text


def test_what_was_picked_up_can_no_longer_be_cancelled(company, owner):
    no = make_consignment(company).no
    push(no, "picked_up")
    assert owner.get(f"{LIST}/{no}/cancel").status_code == 409
    assert owner.post(f"{LIST}/{no}/cancel").status_code == 409
    assert "Cancel the consignment" not in owner.get(f"{LIST}/{no}").text


@pytest.mark.parametrize("role", ["viewer", "finance", "requester"])
def test_who_may_only_look_is_offered_nothing_else(company, as_user, role):
    no = make_consignment(company).no
    viewer = as_user(make_colleague(company, role))
    page = viewer.get(f"{LIST}/{no}").text
    assert viewer.post(f"{LIST}/{no}/cancel").status_code == 403
    assert "Cancel the consignment" not in page
    assert "Copy as new" not in page
    assert reload(no).status == "ordered"


def test_the_page_of_one_costs_the_same_for_a_long_story(company, owner, statements):
    no = make_consignment(company).no
    with statements() as for_short:
        owner.get(f"{LIST}/{no}")
    for _ in range(20):
        push(no, "note", note="more")
    with statements() as for_long:
        owner.get(f"{LIST}/{no}")
    assert len(for_long) == len(for_short)


def _photo(no: str) -> str:
    """Attach a photo to a new event of a consignment and return its reference."""
    pushed, row = push(no, "picked_up"), reload(no)
    image = io.BytesIO()
    Image.new("RGB", (20, 20)).save(image, "PNG")
    stored = files.keep_picture(image.getvalue())
    with transaction():
        database.session.add(
            Attachment(
                ref="PHOTO1",
                company_id=row.company_id,
                consignment_id=row.id,
                tracking_event_id=pushed.id,
                file_key=stored.key,
                media_type=stored.media_type,
                size=stored.size,
                sha256=stored.sha256,
                created_at=clock.now(),
            )
        )
    return "PHOTO1"


def test_photos_stand_at_their_event_for_the_owner_alone(company, owner, as_user):
    no = make_consignment(company).no
    url = f"{LIST}/{no}/photos/{_photo(no)}"
    assert f'src="{url}"' in owner.get(f"{LIST}/{no}/timeline").text
    assert owner.get(url).mimetype == "image/jpeg"
    assert as_user(make_colleague()).get(url).status_code == 404
    assert owner.get(f"{LIST}/{no}/photos/OTHER").status_code == 404


def test_the_export_takes_the_conditions_along(company, owner):
    make_consignment(company)
    page = owner.get(f"{LIST}?q=周敏&status=active").text
    form = page.split('id="export"')[1].split("</form>")[0]
    assert '<input type="hidden" name="q" value="周敏">' in form
    assert '<input type="hidden" name="status" value="active">' in form


def test_a_viewer_is_offered_no_export(company, as_user):
    make_consignment(company)
    page = as_user(make_colleague(company, "viewer")).get(LIST).text
    assert 'value="label"' in page
    assert "/portal/exports/" not in page
