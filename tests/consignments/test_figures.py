"""Figures on pages: what is counted, what a filter leaves, who may see it, what it costs."""

import csv
import io
import re
from datetime import datetime, timedelta

import pytest

from portal.consignments.queries import figures
from portal.consignments.queries.figures import Wanted
from portal.consignments.rules import lanes
from portal.consignments.shown.asked import MOST
from portal.consignments.shown.figures import UNDER_WAY
from portal.core import clock
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_person,
    party,
    push,
    user_of,
)

PAGE = "/portal/figures"
DESK = "/desk/figures"


def deliver(company, *, days_ago=1, late=False, country="CN", city="杭州", **values):
    planned = clock.now() - timedelta(days=days_ago)
    at = planned + timedelta(hours=2 if late else -2)
    return make_consignment(
        company,
        begins="delivered",
        begins_at=at,
        ordered_at=at - timedelta(days=2),
        planned_delivery=planned,
        consignee=party(country=country, city=city),
        **values,
    )


def month_of(days_ago):
    at = clock.now() - timedelta(days=days_ago, hours=2)
    return f"{at.astimezone(clock.zone()):%Y-%m}"


def text(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_figures_count_what_was_delivered(company, owner):
    deliver(company)
    deliver(company, late=True)
    deliver(company, country="DE", city="Hamburg")
    make_consignment(company)
    deliver(make_company())
    page = owner.get(PAGE).text
    assert "66.7 %" in page
    assert "2 of 3 with a planned time" in page
    assert "Germany" in page
    assert "杭州 → Hamburg" in page
    assert "Consignments ordered 4" in text(page)


def test_filters_combine_for_every_chart(company, owner):
    deliver(company, days_ago=400, country="DE", city="Hamburg")
    deliver(company, country="DE", city="Hamburg", late=True)
    deliver(company, country="DE", city="Bremen")
    deliver(company, service="express")
    month = month_of(400)
    page = owner.get(f"{PAGE}?first={month}&last={month}").text
    assert "1 of 1 with a planned time" in page
    assert f'<option value="{month}" selected>' in page
    page = owner.get(f"{PAGE}?country=DE&first={month_of(2)}").text
    assert "1 of 2 with a planned time" in page
    page = owner.get(f"{PAGE}?lane=CN/杭州>DE/Hamburg&service=standard").text
    assert "1 of 2 with a planned time" in page
    assert "No deliveries fit" in owner.get(f"{PAGE}?country=DE&service=express").text
    assert "No deliveries fit" in owner.get(f"{PAGE}?lane=CN/杭州>DE/Bremen&last={month}").text


def test_a_period_may_be_given_backwards(company, owner):
    deliver(company, days_ago=400)
    first, last = month_of(400), month_of(0)
    assert "1 of 1 with" in owner.get(f"{PAGE}?first={last}&last={first}").text


@pytest.mark.parametrize(
    "query",
    [
        "first=abcd&last=2026-13",
        "first=\u0662\u0660\u0662\u0666-01",
        "country=%00",
        "country=<script>alert(1)</script>",
        "lane=<script>alert(1)</script>/>/",
        "lane=/>/",
        "service=rocket",
        "company=C-OTHERS",
        "first=" + "9" * 500,
    ],
)
def test_strange_filters_break_nothing(company, owner, query):
    deliver(company)
    answer = owner.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_figures_begin_with_a_word(owner):
    assert "No deliveries yet" in owner.get(PAGE).text


def test_what_is_under_way_is_told_by_age_and_by_promise(company, owner):
    now = clock.now()
    make_consignment(company, ordered_at=now)
    make_consignment(company, ordered_at=now - timedelta(days=3))
    old = make_consignment(company, ordered_at=now - timedelta(days=20)).no
    make_consignment(company, ordered_at=now, begins="draft")
    wanted, today = Wanted(), now.astimezone(clock.zone()).date()
    user = user_of(make_colleague(company), company)
    ages = figures.ages_for(user, wanted, today)
    assert [(age.first, age.count, age.overdue) for age in ages] == [
        (0, 1, 0),
        (2, 1, 0),
        (4, 0, 0),
        (8, 0, 0),
        (15, 1, 1),
    ]
    page = text(owner.get(PAGE).text)
    assert "15 days or more 1 1" in page
    push(old, "picked_up", occurred_at=now - timedelta(days=19))
    assert sum(age.count for age in figures.ages_for(user, wanted, today)) == 3
    for code in ("dest_city", "out_for_delivery", "delivered"):
        push(old, code)
    assert sum(age.count for age in figures.ages_for(user, wanted, today)) == 2


def test_the_bars_of_ages_lead_to_the_list_of_what_they_count(company, owner):
    old = make_consignment(company, ordered_at=clock.now() - timedelta(days=20)).no
    new = make_consignment(company).no
    gone = deliver(company, days_ago=20).no
    page = owner.get(PAGE).text
    link = re.search(r'<a href="([^"]+)">15 days or more', page)[1].replace("&amp;", "&")
    listed = owner.get(link).text
    assert old in listed
    assert new not in listed
    assert gone not in listed
    assert len(UNDER_WAY) <= MOST


def test_incidents_are_counted_by_class(company, owner):
    no = make_consignment(company).no
    assert "There have been no incidents." in owner.get(PAGE).text
    push(no, "incident", reason="damaged")
    page = text(owner.get(PAGE).text)
    assert "Damage 1 1" in page


def test_a_lane_is_one_however_its_cities_are_spelled():
    spelled = {
        lanes.lane_of("CN", "上海市", "DE", city)
        for city in ("Hamburg", "HAMBURG", " hamburg ", "\uff28amburg")
    }
    assert spelled == {"CN/上海>DE/Hamburg"}
    assert lanes.ends_of(spelled.pop()) == ("CN", "上海", "DE", "Hamburg")


@pytest.mark.parametrize(
    "city", ["a>b/c", "x" * 500, "\u202e?&#%", None, "", "🚢", "D'Arcy St. (Ost)"]
)
def test_every_city_makes_a_lane_that_can_be_taken_apart(city):
    lane = lanes.lane_of("CN", city, None, city)
    assert lanes.is_lane(lane)
    assert lanes.lane_of(*lanes.ends_of(lane)) == lane
    assert len(lane) < 100


def test_staff_see_all_companies_or_one(as_user):
    one, other = make_company(), make_company()
    deliver(one)
    deliver(other)
    deliver(other)
    desk = as_user(make_dispatcher())
    assert "3 of 3 with a planned time" in desk.get(DESK).text
    page = desk.get(f"{DESK}?company={other.ref}").text
    assert "2 of 2 with a planned time" in page
    assert f"company={other.ref}" in page.replace("&amp;", "&")
    assert desk.get(f"{DESK}?company=C-MISSING").status_code == 404


def test_the_desks_figures_are_for_those_who_see_all(browser, as_user, owner):
    assert "/login" in browser.get(DESK).headers["Location"]
    assert owner.get(DESK).status_code == 403
    assert as_user(make_person(staff_role="driver")).get(DESK).status_code == 403
    assert owner.get("/desk/exports/figures/month.csv").status_code == 403
    assert as_user(make_dispatcher()).get("/portal/exports/figures/month.csv").status_code == 403


def rows_of(browser, path):
    answer = browser.get(path, buffered=True)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_every_table_goes_out_as_the_page_is_cut(company, owner):
    deliver(company, country="DE", city="Hamburg")
    deliver(company)
    deliver(make_company(), country="US", city="Boston")
    make_consignment(company)
    for name in ("month", "country", "service", "lane", "age", "incident", "incident_month"):
        assert f"/portal/exports/figures/{name}.csv" in owner.get(PAGE).text or "incident" in name
        assert rows_of(owner, f"/portal/exports/figures/{name}.csv")
    head, row = rows_of(owner, "/portal/exports/figures/lane.csv?country=DE")
    assert head[:4] == ["From city", "From country", "To city", "To country"]
    assert row[:8] == ["杭州", "China", "Hamburg", "Germany", "1", "1", "1", "1"]
    assert float(row[9]) == 12.5
    assert owner.get("/portal/exports/figures/secrets.csv").status_code == 404


def test_staff_take_out_the_table_of_one_company(as_user):
    one, other = make_company(), make_company()
    deliver(one, country="DE")
    deliver(other, country="US")
    desk = as_user(make_dispatcher())
    table = "/desk/exports/figures/country.csv"
    found = rows_of(desk, f"{table}?company={other.ref}")
    assert [row[0] for row in found[1:]] == ["United States"]
    assert rows_of(desk, f"{table}?company=C-MISSING")[1:] == []


def test_every_chart_is_named_and_has_its_table(company, owner):
    for days in (1, 40, 80):
        deliver(company, days_ago=days)
    page = owner.get(PAGE).text
    charts = re.findall(r'<svg viewBox="0 0 360 184"([^>]*)>(<desc>[^<]+)', page)
    assert len(charts) == 3
    assert all(
        'role="img"' in attributes and "aria-label=" in attributes for attributes, _ in charts
    )
    month = month_of(1)
    table = page.split('aria-label="By month"')[1].split("</table>")[0]
    assert f'<th scope="row">{month}</th>' in table
    assert "style=" not in page


def test_the_home_has_the_figures_in_short(company, owner, as_user):
    deliver(company)
    deliver(company, late=True)
    make_consignment(company)
    page = text(owner.get("/portal").text)
    assert "50.0 %" in page
    assert "Under way by days since the order" in page
    assert "杭州 → 杭州" in page
    desk = text(as_user(make_dispatcher()).get("/desk").text)
    assert "All figures" in desk
    assert "杭州 → 杭州" in desk


def test_pages_of_figures_cost_the_same_for_few_and_for_many(company, owner, as_user, statements):
    desk = as_user(make_dispatcher())
    paths = ((owner, PAGE), (owner, "/portal"), (desk, DESK), (desk, "/desk"))
    deliver(company)
    make_consignment(company)

    def cost():
        counts = []
        for browser, path in paths:
            browser.get(path)
            with statements() as seen:
                assert browser.get(path).status_code == 200
            counts.append(len(seen))
        return counts

    for_few = cost()
    for days in range(1, 60, 5):
        deliver(company, days_ago=days, country="DE", city=f"City {days}")
        make_consignment(company, ordered_at=clock.now() - timedelta(days=days))
    assert cost() == for_few


def test_a_month_is_the_centres_month(company):
    user = user_of(make_colleague(company), company)
    last = datetime(2026, 3, 31, 23, 30, tzinfo=clock.zone())
    make_consignment(
        company, begins="delivered", begins_at=last, ordered_at=last - timedelta(days=40)
    )
    cube = figures.cube_for(user)
    assert [(f.key, f.ordered, f.delivered) for f in cube.by("month")] == [
        ("2026-02", 1, 0),
        ("2026-03", 0, 1),
    ]
