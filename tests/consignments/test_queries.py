"""Reading consignments: what one may see, filters, search, order, pages, indexes."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text

from portal.consignments.queries import many
from portal.consignments.queries.many import Filter, consignments_for, counts_for
from portal.consignments.queries.one import attachment_for, consignment_for, head_for
from portal.core import prepared
from portal.core.db import transaction, write
from portal.core.errors import Invalid, NotFound
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

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def owner(company):
    return user_of(make_colleague(company), company)


@pytest.fixture
def staff(app):
    return user_of(make_dispatcher())


def numbers_of(page):
    return [row.no for row in page.items]


def all_pages(user, wanted, limit, between=lambda: None):
    """Return the numbers of all pages; ``between`` runs between them."""
    found, after = [], None
    while True:
        page = consignments_for(user, wanted, after=after, limit=limit)
        found += numbers_of(page)
        if page.next is None:
            return found
        after = page.next
        between()


@pytest.mark.both_databases
class TestWhoSeesWhat:
    """A stranger learns nothing."""

    def test_a_stranger_sees_nothing(self, company, owner):
        no = make_consignment(company).no
        other = make_company()
        stranger = user_of(make_colleague(other), other)
        assert consignments_for(stranger, Filter()).items == []
        assert consignments_for(stranger, Filter(company_id=company.id)).items == []
        assert consignments_for(stranger, Filter(text=no)).items == []
        assert counts_for(stranger) == {}
        for look in (
            lambda: consignment_for(stranger, no),
            lambda: many.row_for(stranger, no),
            lambda: attachment_for(stranger, no, "x"),
            lambda: write(lambda on: head_for(stranger, no, on=on)),
        ):
            with pytest.raises(NotFound):
                look()

    def test_somebody_without_the_right_sees_nothing(self, company):
        no = make_consignment(company).no
        nobody = user_of(make_person())
        driver = user_of(make_person(staff_role="driver"))
        for user in (nobody, driver):
            with pytest.raises(NotFound):
                consignments_for(user, Filter())
            with pytest.raises(NotFound):
                consignment_for(user, no)
            with pytest.raises(NotFound):
                counts_for(user)

    def test_staff_see_every_company(self, company, staff):
        numbers = {make_consignment(company).no, make_consignment().no}
        assert set(numbers_of(consignments_for(staff, Filter()))) == numbers
        assert counts_for(staff) == {"ordered": 2}


@pytest.mark.both_databases
class TestFilters:
    """A list shows what was asked for, and nothing else."""

    def test_by_status_big_step_and_activity(self, company, owner):
        waiting, moving, gone = (make_consignment(company).no for _ in range(3))
        push(moving, "picked_up")
        push(gone, "cancelled")
        found = {
            asked: set(numbers_of(consignments_for(owner, Filter(status=many.statuses(asked)))))
            for asked in (
                "ordered",
                "picked_up,cancelled",
                "active",
                "step:ordered",
                "nonsense",
                "step:x",
            )
        }
        assert found == {
            "ordered": {waiting},
            "picked_up,cancelled": {moving, gone},
            "active": {waiting, moving},
            "step:ordered": {waiting},
            "nonsense": set(),
            "step:x": set(),
        }

    def test_by_city_and_time_of_order(self, company, owner):
        first = make_consignment(company, ordered_at=AT, consignee=party(city="杭州")).no
        second = make_consignment(
            company, ordered_at=AT + timedelta(days=1), consignee=party(city="宁波")
        ).no
        assert numbers_of(consignments_for(owner, Filter(city="宁波"))) == [second]
        assert numbers_of(consignments_for(owner, Filter(ordered_to=AT + timedelta(days=1)))) == [
            first
        ]
        assert numbers_of(
            consignments_for(owner, Filter(ordered_from=AT + timedelta(seconds=1)))
        ) == [second]

    @pytest.mark.parametrize(
        "words",
        [
            "李雷",
            "宁波",
            "中山",
            "山东路",
            "so-77",
            "SO-7",
            "6021",
            "寧波",
            "Ningbo",
            "李雷 宁波",
            "\uff33\uff2f\uff0d\uff17\uff17",
        ],
    )
    def test_by_words_in_any_of_its_fields(self, company, owner, words):
        who = party(
            name="李雷 Ningbo", city="宁波", address="中山东路 5 号", phone="+8613800006021"
        )
        other = party(name="韩梅", phone="+8613800009999")
        make_consignment(company, order_ref="PO-1", consignee=other)
        no = make_consignment(company, order_ref="SO-77", consignee=who).no
        assert numbers_of(consignments_for(owner, Filter(text=words))) == [no]

    @pytest.mark.parametrize("words", ["李梅", "宁杭", "李雷 上海", "!!!", "SO-78"])
    def test_words_that_are_not_there_find_nothing(self, company, owner, words):
        make_consignment(company, order_ref="SO-77", consignee=party(name="李雷", city="宁波"))
        assert numbers_of(consignments_for(owner, Filter(text=words))) == []

    def test_the_number_is_found(self, company, owner):
        no = make_consignment(company).no
        make_consignment(company)
        assert numbers_of(consignments_for(owner, Filter(text=no.lower()))) == [no]


@pytest.mark.both_databases
class TestPages:
    """Pages are complete and without doubles, in every order."""

    def orders_of(self, company):
        made = []
        for i in range(9):
            made.append(make_consignment(company, ordered_at=AT + timedelta(hours=i * 7 % 5)).no)
        for no in made[2:6]:
            push(no, "picked_up")
        return made

    @pytest.mark.parametrize("sort", sorted(many.SORTS))
    @pytest.mark.parametrize("limit", [1, 2, 4, 9, 50])
    def test_they_are_complete_in_every_order(self, company, owner, sort, limit):
        made = self.orders_of(company)
        found = all_pages(owner, Filter(sort=sort), limit)
        assert sorted(found) == sorted(made)
        assert found == numbers_of(consignments_for(owner, Filter(sort=sort), limit=200))

    @pytest.mark.parametrize("sort", ["newest", "ordered", "planned"])
    def test_new_rows_neither_double_nor_hide_others(self, company, owner, sort):
        made = self.orders_of(company)
        found = all_pages(
            owner,
            Filter(sort=sort),
            2,
            lambda: make_consignment(company, ordered_at=AT + timedelta(days=9)),
        )
        assert sorted(found) == sorted(made)

    def test_they_go_downwards(self, company, owner):
        self.orders_of(company)
        for sort, column in (
            ("ordered", "ordered_at"),
            ("changed", "changed_at"),
            ("planned", "delivery_planned"),
        ):
            keys = [
                getattr(row, column) for row in consignments_for(owner, Filter(sort=sort)).items
            ]
            assert keys == sorted(keys, reverse=True)

    def test_a_cursor_of_another_kind_is_refused(self, owner):
        with pytest.raises(Invalid):
            consignments_for(owner, Filter(), after="bm9uc2Vuc2U")


LISTS = [
    Filter(),
    Filter(sort="changed"),
    Filter(sort="planned"),
    Filter(sort="ordered"),
    Filter(status=("ordered",)),
    Filter(status=("ordered",), sort="changed"),
    Filter(ordered_from=AT, sort="ordered"),
]


def plans(db, look):
    """Return SQLite's plan of every statement on consignments that ``look`` makes."""
    seen = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        if statement.startswith("SELECT consignment.") or "FROM status_count" in statement:
            seen.append((statement, parameters))

    def hear(connection, statement, values):
        note(connection, None, statement, tuple(values))

    prepared.heard.append(hear)
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        look()
    finally:
        prepared.heard.remove(hear)
        event.remove(db.engine, "before_cursor_execute", note)
    assert seen
    with db.engine.connect() as connection:
        return [
            " | ".join(
                row[3]
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            )
            for statement, parameters in seen
        ]


@pytest.mark.parametrize("wanted", LISTS, ids=range(len(LISTS)))
def test_the_members_lists_are_served_by_an_index(company, owner, db, wanted):
    for _ in range(3):
        make_consignment(company)
    after = consignments_for(owner, wanted, limit=1).next
    for plan in plans(db, lambda: consignments_for(owner, wanted, limit=1, after=after)):
        assert "INDEX" in plan or "INTEGER PRIMARY KEY" in plan, plan
        assert "SCAN consignment" not in plan, plan


@pytest.mark.parametrize(
    "wanted", [Filter(), Filter(status=("ordered",), sort="changed")], ids=["newest", "queue"]
)
def test_the_desks_lists_are_served_by_an_index(company, staff, db, wanted):
    make_consignment(company)
    for plan in plans(db, lambda: consignments_for(staff, wanted)):
        assert "TEMP B-TREE" not in plan, plan


def test_one_consignment_is_found_by_an_index(company, owner, db):
    no = make_consignment(company).no
    for plan in plans(
        db, lambda: (consignment_for(owner, no), many.row_for(owner, no), counts_for(owner))
    ):
        assert "SEARCH" in plan, plan


@pytest.mark.both_databases
def test_reading_changes_nothing(company, owner, db):
    make_consignment(company)
    with transaction():
        consignments_for(owner, Filter())
    assert db.session.execute(text("SELECT count(*) FROM event")).scalar_one() >= 1
