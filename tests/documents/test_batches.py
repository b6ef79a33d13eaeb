"""Many papers in one file: at once, by a worker, cut off, cancelled, kept for a time."""

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Thread

import pytest
import time_machine

from portal.core import clock, files, jobs
from portal.core.db import db, transaction
from portal.core.jobs import Lane
from portal.documents import jobs as printing
from portal.documents import queries, rules, service
from tests.consignments.conftest import statements
from tests.documents.making import make_many
from tests.documents.reading import page_count
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    reload,
    user_of,
)

__all__ = ["statements"]
pytestmark = pytest.mark.both_databases


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def owner(company):
    return make_colleague(company)


def work():
    return jobs.run_once(Lane.LONG)


def ordered(browser, home="/portal", **values):
    """Order a file; return the path of its page."""
    reply = browser.post(f"{home}/documents", {"paper": "label", **values})
    assert reply.status_code == 302, reply.text
    return reply.location


def test_all_that_fit_the_list_are_printed_when_none_is_chosen(company, owner, as_user):
    make_many(company, 3)
    make_consignment()  # another company's

    reply = as_user(owner).get("/portal/documents/print?paper=waybill&status=ordered")

    assert page_count(reply.data) == 9


def test_reading_costs_the_same_for_few_and_for_many(company, owner, as_user, statements):
    nos = make_many(company, 120)
    browser = as_user(owner)

    def cost(count):
        query = "&".join(f"no={no}" for no in nos[:count])
        with statements() as seen:
            assert browser.get(f"/portal/documents/print?{query}").status_code == 200
        return len(seen)

    assert cost(2) == cost(120) <= 6


def test_the_list_of_files_costs_the_same_for_few_and_for_many(company, owner, as_user, statements):
    make_many(company, 1)
    browser = as_user(owner)

    def cost():
        ordered(browser)
        with statements() as seen:
            assert browser.get("/portal/documents").status_code == 200
        return len(seen)

    first = cost()
    assert all(cost() == first for _ in range(3))
    assert first <= 8


def test_another_companys_numbers_are_left_out(company, owner, as_user):
    mine, theirs = make_consignment(company).no, make_consignment().no

    reply = as_user(owner).get(f"/portal/documents/print?no={theirs}&no={mine}")
    alone = as_user(owner).get(f"/portal/documents/print?no={theirs}")

    assert page_count(reply.data) == 1
    assert alone.status_code == 409


def test_more_than_two_hundred_are_asked_about_then_made_by_a_worker(company, owner, as_user):
    make_many(company, 30, pieces=7)
    browser = as_user(owner)

    asked = browser.get("/portal/documents/print?paper=label&status=ordered")
    page = ordered(browser, status="ordered")

    assert asked.mimetype == "text/html"
    assert "Make 210 labels" in asked.text
    assert "Waiting its turn" in browser.get(page).text
    assert browser.get(f"{page}/papers.pdf").status_code == 404
    assert work() == 1
    assert "Open the PDF" in browser.get(page).text
    reply = browser.get(f"{page}/papers.pdf")
    assert page_count(reply.data) == 210
    assert page in browser.get("/portal/documents").text


def test_the_page_hears_how_far_it_is(company, owner, as_user, live, relayed):
    make_many(company, 130)
    browser = as_user(owner)
    socket = live(browser)
    assert socket.ask("follow", {"topic": "me"})["ok"]
    ordered(browser)

    work()
    relayed()

    heard = [each["type"] for each in socket.received()]
    assert heard.count("print.progressed") >= 3
    assert heard[-1] == "print.finished"


def test_five_thousand_labels_are_one_file_and_more_are_refused(
    company, owner, as_user, monkeypatch
):
    drawn = []
    monkeypatch.setattr(printing, "aside", lambda work, *rest: drawn.append(rest) or b"%PDF-")
    nos = make_many(company, 50, pieces=100)
    browser = as_user(owner)
    page = ordered(browser)

    work()
    batch = queries.batch_for(user_of(owner, company), page.rpartition("/")[2])
    assert (batch.state, batch.pieces, batch.done) == ("done", 5000, 50)

    make_consignment(company)
    refused = browser.post("/portal/documents", {"paper": "label"})
    assert refused.status_code == 409
    assert "at most 5 000 pieces" in refused.text
    assert len(nos) == 50


def test_ordering_twice_at_the_same_moment_makes_one_file(app, company, owner, monkeypatch):
    chosen = [(make_many(company, 1)[0], 1)]
    asked = service.Order(key="0" * 16, paper=rules.Paper.LABEL, language="en", chosen=chosen)
    who, company_id = user_of(owner, company), company.id
    together, seen = Barrier(2, timeout=2), service._owner_of

    def look(ref):  # both have looked before either writes
        found = seen(ref)
        with suppress(BrokenBarrierError):
            together.wait()
        return found

    def order():
        with app.app_context():
            try:
                with transaction():
                    answers.append(service.order(asked, company_id, by=who))
            finally:
                db.session.remove()

    answers = []
    monkeypatch.setattr(service, "_owner_of", look)
    db.session.remove()
    threads = [Thread(target=order) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        together.abort()
    assert {ref for ref, _ in answers} == {"0" * 16}
    assert sorted(bool(batch_id) for _, batch_id in answers) == [False, True]


def test_ordering_twice_with_one_key_makes_one_file(company, owner, as_user):
    make_many(company, 2)
    browser = as_user(owner)
    key = "0123456789abcdef"

    assert ordered(browser, key=key) == ordered(browser, key=key)
    assert work() == 1
    assert work() == 0


def test_a_key_that_somebody_else_used_makes_a_file_of_ones_own(company, owner, as_user):
    make_many(company, 2)
    key = "0123456789abcdef"
    colleague = make_colleague(company)

    assert ordered(as_user(owner), key=key) != ordered(as_user(colleague), key=key)


def test_a_worker_killed_midway_is_followed_by_one_that_begins_anew(
    company, owner, as_user, monkeypatch
):
    make_many(company, 120)
    browser = as_user(owner)
    page = ordered(browser)
    whole = printing.service.progress

    def killed(batch, done, before):
        whole(batch, done, before)
        raise SystemExit

    monkeypatch.setattr(printing.service, "progress", killed)
    with pytest.raises(SystemExit):
        work()
    monkeypatch.setattr(printing.service, "progress", whole)
    db.session.rollback()
    assert "Being made" in browser.get(page).text

    jobs.release()
    assert work() == 1

    assert page_count(browser.get(f"{page}/papers.pdf").data) == 120


def test_what_is_cancelled_is_not_made_and_can_be_made_again(company, owner, as_user):
    make_many(company, 2)
    browser = as_user(owner)
    page = ordered(browser)

    browser.post(f"{page}/cancel")
    work()
    assert "You stopped it" in browser.get(page).text

    browser.post(f"{page}/again")
    work()
    assert browser.get(f"{page}/papers.pdf").status_code == 200
    assert browser.post(f"{page}/again").status_code == 409


def test_what_cannot_be_made_says_so(company, owner, as_user, monkeypatch):
    make_many(company, 2)
    browser = as_user(owner)
    page = ordered(browser)

    def broken(*_rest):
        raise ZeroDivisionError

    monkeypatch.setattr(printing, "aside", broken)
    work()

    assert "could not be made" in browser.get(page).text
    assert "Make it again" in browser.get(page).text


def test_files_are_deleted_after_their_time_and_said_to_be(company, owner, as_user):
    make_many(company, 2)
    browser = as_user(owner)
    page = ordered(browser)
    work()
    batch = queries.batch_for(user_of(owner, company), page.rpartition("/")[2])
    path = files.path(batch.file_key)
    assert path.is_file()

    with time_machine.travel(clock.now() + rules.KEPT_FOR + timedelta(minutes=1)):
        assert printing.tidy() == 1

    assert not path.exists()
    db.session.rollback()
    assert "The file was deleted" in browser.get(page).text
    assert browser.get(f"{page}/papers.pdf").status_code == 404


def test_strangers_and_the_desk_do_not_see_a_companys_files(company, owner, as_user):
    make_many(company, 2)
    page = ordered(as_user(owner))
    work()
    stranger, dispatcher = as_user(make_colleague()), as_user(make_dispatcher())

    for path in (page, f"{page}/fragment", f"{page}/papers.pdf"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"{page}/cancel").status_code == 404
    assert stranger.post(f"{page}/again").status_code == 404
    assert page not in stranger.get("/portal/documents").text
    desk_page = page.replace("/portal/", "/desk/")
    assert dispatcher.get(desk_page).status_code == 404


def test_the_desk_prints_for_all_companies(company, as_user):
    mine, theirs = make_consignment(company).no, make_consignment().no
    desk = as_user(make_dispatcher())

    reply = desk.post("/desk/documents/print", {"no": [mine, theirs], "paper": "label"})
    page = ordered(desk, "/desk")
    work()

    assert page_count(reply.data) == 2
    assert page_count(desk.get(f"{page}/papers.pdf").data) == 2
    assert page in desk.get("/desk/documents").text


def test_the_desk_prints_one_companys_when_asked(company, as_user):
    make_consignment(company)
    make_consignment()

    reply = as_user(make_dispatcher()).get(f"/desk/documents/print?company={company.ref}")

    assert page_count(reply.data) == 1


def test_nothing_chosen_on_the_board_prints_nothing(as_user):
    reply = as_user(make_dispatcher()).post("/desk/documents/print", {"paper": "label"})
    assert reply.status_code == 302


def test_a_wrong_paper_is_refused(owner, as_user):
    assert as_user(owner).get("/portal/documents/print?paper=poem").status_code == 422


def test_an_import_prints_its_own(company, owner, as_user):
    make_consignment(company)
    reply = as_user(owner).get("/portal/documents/print?import=none")
    assert reply.status_code == 409
    assert reload(make_consignment(company).no).import_id is None


def test_the_lists_offer_to_print(company, owner, as_user):
    make_consignment(company)
    desk = as_user(make_dispatcher())
    assert "/portal/documents/print" in as_user(owner).get("/portal/consignments").text
    assert "/desk/documents/print" in desk.get("/desk/consignments").text
    assert "/desk/documents/print" in desk.get("/desk/board").text
