"""What a push costs: statements and durable commits are counted, never timed."""

import pytest

from tests.api.bodies import URL, order
from tests.consignments.conftest import statements

pytestmark = pytest.mark.both_databases
__all__ = ["statements"]
MOST = 6  # statements of a push that changes the state, besides the one that knows the key


@pytest.fixture
def no(shipper, dispatcher):
    made = shipper.post(URL, order()).json["no"]
    dispatcher.get(URL)  # its key was seen
    return made


LOG = ("FROM event", "UPDATE event", "stream_entry", "log_head")


def costs(seen):
    """Return (statements on consignments, commits); the log is told once a commit."""
    told = [s for s in seen if any(words in s for words in (*LOG, "api_key"))]
    return len(seen) - len(told) - seen.count("COMMIT"), seen.count("COMMIT")


def test_a_push_that_changes_the_state_is_a_few_statements(dispatcher, no, statements):
    with statements() as seen:
        reply = dispatcher.post(f"{URL}/{no}/events", {"code": "picked_up", "source_event_id": "1"})
    assert reply.status_code == 201
    taken, _ = costs(seen)
    assert taken <= MOST, seen


def test_a_push_is_one_durable_commit(dispatcher, no, statements):
    with statements() as seen:
        dispatcher.post(f"{URL}/{no}/events", {"code": "picked_up"})
    writes = [i for i, s in enumerate(seen) if s.startswith(("INSERT", "UPDATE"))]
    assert "COMMIT" not in seen[writes[0] : writes[-1]]
    assert seen[writes[-1] + 1 :] == ["COMMIT"]


def test_a_push_does_not_read_the_history(dispatcher, no, statements):
    with statements() as seen:
        dispatcher.post(f"{URL}/{no}/events", {"code": "picked_up"})
    assert not [s for s in seen if s.startswith("SELECT") and "FROM tracking_event" in s]


def test_a_repeated_push_writes_nothing(dispatcher, no, statements):
    event = {"code": "picked_up", "source_event_id": "1"}
    dispatcher.post(f"{URL}/{no}/events", event)
    with statements() as seen:
        assert dispatcher.post(f"{URL}/{no}/events", event).status_code == 200
    assert not [s for s in seen if s.startswith(("INSERT", "UPDATE"))]


def batch(shipper, dispatcher, statements, count):
    numbers = [shipper.post(URL, order(order_ref=f"B{count}-{i}")).json["no"] for i in range(count)]
    with statements() as seen:
        reply = dispatcher.post(
            "/api/v1/events", {"events": [{"no": no, "code": "picked_up"} for no in numbers]}
        )
    assert {result["status"] for result in reply.json["results"]} == {201}
    return seen


def test_a_batch_is_one_durable_commit(shipper, dispatcher, statements, no):
    seen = batch(shipper, dispatcher, statements, 12)
    writes = [i for i, s in enumerate(seen) if s.startswith(("INSERT", "UPDATE"))]
    assert "COMMIT" not in seen[writes[0] : writes[-1]]
    assert seen[writes[-1] + 1 :] == ["COMMIT"]


def test_a_batch_is_as_many_statements_for_many_rows_as_for_few(
    shipper, dispatcher, statements, no
):
    few, many = (costs(batch(shipper, dispatcher, statements, count))[0] for count in (4, 14))
    assert many == few


def test_a_page_of_the_list_costs_the_same_for_any_length(shipper, statements, no):
    taken = []
    for count in (1, 15):
        for i in range(count):
            shipper.post(URL, order(order_ref=f"L{count}-{i}"))
        with statements() as seen:
            shipper.get(URL)
        taken.append(costs(seen)[0])
    assert taken[0] == taken[1] <= 2, seen
