"""The list says of each consignment what it says alone, whatever it is asked for; by index."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.accounts.access import User
from portal.accounts.roles import rights_of
from portal.consignments.models import Consignment
from portal.consignments.queries import many
from portal.consignments.queries.many import Filter
from portal.consignments.rules.vocabulary import Status
from portal.core import clock, scope
from portal.core.db import db, transaction
from portal.core.errors import NotFound
from tests.api.bodies import URL
from tests.counting.conftest import plans, slow
from tests.factories import make_colleague, make_consignment, party, push, user_of

pytestmark = pytest.mark.both_databases
__all__ = ["plans"]
CENTRE = User(person_id=0, name="", email="", rights=rights_of(None, "dispatcher"))
ONLY_ALONE = "pieces partly_delivered volume_mm3 chargeable_weight_g declared_value cod window note"
ONLY_ALONE += " attempts incidents"
LEGS = ("pickup_estimated", "delivery_estimated")


def change(no, **values):
    """Write columns of a consignment."""
    table = Consignment.__table__
    with transaction():
        changed = update(table).where(table.c.no == no).values(**values)
        db.session.execute(changed.execution_options(**scope.CENTRE))


def expected_at(moment):
    """Return the columns of an estimate whose range begins or ends at ``moment``."""
    hour = timedelta(hours=1)
    around = {"": moment, "_from": moment - hour, "_to": moment + hour}
    return {f"{leg}{end}": at for leg in LEGS for end, at in around.items()}


@pytest.fixture
def numbers(company):
    """Return consignments of each state, with and without what may be missing."""
    now = clock.now()
    nos = [make_consignment(company).no for _ in Status]
    for no, status in zip(nos, Status, strict=True):
        change(no, status=str(status))
    for microsecond in (0, 120):
        moment = now.replace(microsecond=microsecond)
        push(make_consignment(company).no, "picked_up", occurred_at=moment, place='“1”"\\')
    change(nos[2], **expected_at(now - timedelta(days=1)))
    change(nos[3], **expected_at(now - timedelta(days=1)), delivery_actual=now, pickup_actual=now)
    change(nos[4], **expected_at(now + timedelta(days=9, hours=7)), estimate_basis="lane:214")
    change(nos[5], **expected_at(now + timedelta(hours=7)), estimate_basis="distance:120")
    change(nos[6], **dict.fromkeys(expected_at(now)), delivery_planned=None)
    change(nos[7], consignor_name=None, consignee_city=None, gross_weight_g=None, order_ref=None)
    change(nos[8], open_incidents=2, owner_incidents=1)
    change(nos[9], ordered_at=now.replace(year=1999, microsecond=0), service="cold")
    return nos


def same(listed, alone):
    """Compare a list's item with the consignment alone, field by field."""
    open_incidents = listed.pop("open_incidents")
    parties = {side: listed.pop(side) for side in ("consignor", "consignee")}
    assert listed == {name: alone[name] for name in listed}
    for side, shown in parties.items():
        assert shown == {name: alone[side][name] for name in shown}
    assert list(parties["consignee"]) == ["name", "city", "country"]
    assert set(alone) - set(listed) == {*ONLY_ALONE.split(), "consignor", "consignee"}
    return open_incidents


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_a_list_says_what_each_consignment_says_alone(shipper, dispatcher, numbers, language):
    for client, incidents in ((shipper, 1), (dispatcher, 2)):
        items = client.get(f"{URL}?limit=100&lang={language}").json["items"]
        assert len(items) == len(numbers) + 2
        assert {item["status"] for item in items} == set(Status)
        for item in items:
            alone = client.get(f"{URL}/{item['no']}?lang={language}").json
            shown = same(item, alone)
            assert shown == (incidents if item["no"] == numbers[8] else 0)


@pytest.mark.parametrize("query", ["", "status=delivered", "status=active", "q=SO", "q=杭州"])
def test_a_list_in_another_order_says_the_same(shipper, numbers, query):
    """By the order of time a list is made by SQLAlchemy, by age it is prepared."""
    asked = f"{URL}?limit=100&{query}&sort="
    newest = shipper.get(asked + "newest").json["items"]
    ordered = shipper.get(asked + "ordered").json["items"]
    assert newest
    assert [item["no"] for item in newest] != [item["no"] for item in ordered] or len(newest) < 3
    assert {item["no"]: item for item in newest} == {item["no"]: item for item in ordered}


@pytest.mark.parametrize("query", ["", "status=active", "q=杭州", "q=SO&status=active"])
def test_pages_are_complete_and_without_doubles(shipper, numbers, query):
    whole = shipper.get(f"{URL}?limit=100&{query}").json
    assert whole["next"] is None
    found, after = [], ""
    while after is not None:
        page = shipper.get(f"{URL}?limit=4&{query}&after={after}").json
        assert len(page["items"]) <= 4
        found += page["items"]
        after = page["next"]
    assert found == whole["items"]


def test_a_marker_before_the_first_consignment_shows_none(shipper, numbers):
    assert shipper.get(f"{URL}?after=WzAsMF0").json == {"items": [], "next": None}


@pytest.mark.parametrize("query", ["", "status=delivered", "q=杭州", "q=杭州&status=delivered"])
def test_a_stranger_sees_nothing_of_it(stranger, dispatcher, numbers, query):
    assert stranger.get(f"{URL}?{query}").json["items"] == []
    assert dispatcher.get(f"{URL}?{query}").json["items"] != []


def test_who_has_no_company_and_no_right_has_no_list(company):
    person = make_colleague(company)
    for asked in (Filter(), Filter(text="SO"), Filter(text="!"), Filter(status=("ordered",))):
        with pytest.raises(NotFound):
            many.written_for(user_of(person), asked)


def test_states_that_are_named_twice_count_once(shipper, numbers):
    once = shipper.get(f"{URL}?status=delivered,closed").json
    assert shipper.get(f"{URL}?status={'delivered,closed,' * 90}").json == once


HOT = {
    "first": Filter(),
    "status": Filter(status=("delivered",)),
    "words": Filter(text="洗衣 SO-1"),
    "words and status": Filter(text="杭州", status=("delivered",)),
}


@pytest.mark.parametrize("wanted", HOT.values(), ids=HOT)
@pytest.mark.parametrize("lists", [many.written_for, many.consignments_for])
def test_a_members_lists_are_one_statement_each_along_an_index(company, plans, wanted, lists):
    user = user_of(make_colleague(company), company)
    for _ in range(3):
        make_consignment(company, consignee=party(city="杭州"))
    cursor = lists(user, Filter(), limit=1).next
    for after in (None, cursor):
        with plans() as seen:
            lists(user, wanted, after=after, limit=1)
        asked = [(s, plan) for s, plan in seen if "FROM consignment " in s or "_terms" not in s]
        assert len(asked) == 1
        assert not slow(asked[0][1])
        assert "TEMP B-TREE" not in str(asked[0][1])


@pytest.mark.parametrize("wanted", [Filter(), Filter(text="杭州")], ids=["first", "words"])
def test_the_centres_lists_sort_nothing(company, plans, wanted):
    make_consignment(company)
    with plans() as seen:
        many.written_for(CENTRE, wanted)
    assert not [plan for _, plan in seen if slow(plan) or "TEMP B-TREE" in str(plan)]
