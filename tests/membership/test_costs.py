"""What pages of applications cost: a fixed number of statements, however many there are."""

import pytest

from portal.membership import service
from tests.consignments.conftest import statements
from tests.factories import make_colleague, make_company, make_person
from tests.membership.applying import contact, make_application

__all__ = ["statements"]
#: Most statements of a page of the desk, those of the frame (who asks, ways and counts) included.
QUEUE, DETAIL = 22, 36
APPLICANT = {"/apply": 4, "/apply/new": 4}


def reads(statements, visit):
    """Return what a visit asks, once everything that is kept is warm."""
    visit()
    with statements() as seen:
        assert visit().status_code == 200
    return [each for each in seen if each != "COMMIT"]


def test_the_queue_takes_as_many_statements_for_many(as_user, statements):
    desk = as_user(make_person(staff_role="manager"))
    make_application("submitted")
    few = reads(statements, lambda: desk.get("/desk/applications"))
    assert len(few) <= QUEUE, few
    for _ in range(5):
        make_application("submitted")
    assert len(reads(statements, lambda: desk.get("/desk/applications"))) == len(few)


def test_one_application_takes_as_many_statements_for_many_duplicates(as_user, statements):
    desk = as_user(make_person(staff_role="manager"))
    one = make_application("submitted", name="杭州数数有限公司")
    make_application("submitted", name="数数（杭州）有限公司")
    make_colleague(make_company(name="杭州数数贸易有限公司"))
    path = f"/desk/applications/{one.ref}"
    few = reads(statements, lambda: desk.get(path))
    assert len(few) <= DETAIL, few
    for number in range(5):
        make_application("submitted", name=f"杭州数数{number}有限公司", contacts=[contact()])
        make_colleague(make_company(name=f"杭州数数贸易{number}有限公司"))
    assert len(reads(statements, lambda: desk.get(path))) == len(few)


@pytest.mark.parametrize("path", APPLICANT)
def test_pages_of_strangers_ask_little(browser, statements, path):
    few = reads(statements, lambda: browser.get(path))
    assert len(few) <= APPLICANT[path], few


def test_a_step_takes_as_many_statements_for_many_answers(browser, statements):
    application = make_application()
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    path = f"/apply/{application.ref}/steps/contact"
    few = reads(statements, lambda: browser.get(path))
    assert len(few) <= 7, few
