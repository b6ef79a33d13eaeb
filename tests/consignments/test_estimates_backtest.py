"""The back-test on a real history: it knows no future, and what it says is worth saying."""

from datetime import date

import pytest

from bench import backtest

HELD_OUT = date(2012, 1, 1)  # what is asked from here on is judged


@pytest.fixture(scope="module")
def deliveries():
    return backtest.read()


@pytest.fixture(scope="module")
def judged(deliveries):
    return list(backtest.walk(deliveries, since=HELD_OUT))


def test_the_history_is_read_as_its_description_says(deliveries):
    assert len(deliveries) == 7030


def test_the_estimate_is_at_least_as_near_as_the_naive_rules(judged):
    ours, *naive = backtest.scores(judged)
    assert ours.count > 2500
    assert {each.rule for each in naive} == {"planned date", "order + mean duration"}
    assert all(ours.mean <= each.mean for each in naive)
    assert all(ours.median <= each.median for each in naive)


def test_the_range_holds_what_it_promises_nearly(judged):
    assert backtest.within(judged) > 0.7


def test_what_comes_later_changes_nothing_that_was_said_before(deliveries):
    until = date(2010, 6, 1)
    past = [each for each in deliveries if each.recorded < until]
    known = [j for j in backtest.walk(deliveries) if j.asked < until]
    by_no = {j.delivery.no: j for j in backtest.walk(past)}
    same = [j for j in known if j.delivery.no in by_no]
    assert len(same) > 1000
    assert [by_no[j.delivery.no] for j in same] == same


def test_a_walker_has_learnt_only_what_was_recorded_before(deliveries):
    walker = backtest.Walker(deliveries)
    walker.learn(date(2009, 1, 1))
    assert all(each.recorded >= date(2009, 1, 1) for each in walker.coming)
    assert len(walker.coming) == sum(d.recorded >= date(2009, 1, 1) for d in deliveries)
