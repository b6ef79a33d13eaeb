"""What pages of points cost: the same, however much there is."""

import pytest

from portal.club.points.service import ledger
from portal.core.db import write
from tests.counting.conftest import statements
from tests.factories import make_colleague, make_company, user_of
from tests.points.test_pages import make_reward, make_rich, order

__all__ = ["statements"]
PAGES = ("/points", "/points/board?in=all", "/points/badges", "/rewards", "/rewards/orders")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_takes_no_more_statements_for_more_rows(app, as_user, statements, path):
    person, user = make_rich()
    page = as_user(person)
    fill(page, user, 1)
    page.get(f"/club{path}")
    with statements() as few:
        page.get(f"/club{path}")
    fill(page, user, 5)
    with statements() as many:
        page.get(f"/club{path}")
    assert len(many) <= len(few)


def fill(page, user, number):
    for place in range(number):
        order(page, make_reward(cost=1))
        company = make_company()
        other = user_of(make_colleague(company), company)
        for each in (user, other):
            cause = f"consignment:{number}-{place}"
            args = ("handover", each.person_id, each.company_id, cause)
            write(lambda on, args=args: ledger.earn(*args, on=on))
