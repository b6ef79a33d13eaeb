"""Sockets that are cut at random hear everything once, in order."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import make_colleague, make_company, make_consignment, make_key, push

SOCKETS = 3
_who = st.integers(0, SOCKETS - 1)
#: What may happen, in any order: cuts with and without hearing first what has arrived.
ACTS = st.lists(
    st.one_of(
        st.just(("push", 0)),
        st.just(("relay", 0)),
        st.tuples(st.sampled_from(["cut", "hear", "cut unheard", "join"]), _who),
    ),
    min_size=10,
    max_size=40,
)


class Follower:
    """A page that follows one consignment and resumes where it stopped, as the script does."""

    def __init__(self, live: Any, key: str, no: str) -> None:
        self.live, self.key, self.no = live, key, no
        self.page: Any = None
        self.cursor: str | None = None
        self.heard: list[int] = []
        self.join()

    def join(self) -> None:
        """Connect, and take what was missed."""
        if self.page is not None:
            return
        self.page = self.live(key=self.key)
        asked = {"topic": "consignment", "ref": self.no}
        if self.cursor is not None:
            asked["after"] = self.cursor
        answer = self.page.ask("follow", asked)
        assert answer["ok"]
        assert not answer["reset"]
        self._take(answer["events"])
        self.cursor = answer["cursor"]

    def hear(self) -> None:
        """Take what has arrived."""
        if self.page is not None:
            self._take(self.page.received())

    def cut(self) -> None:
        """Lose the connection, and with it what has arrived but was not yet taken."""
        if self.page is not None:
            self.page.socket.disconnect("/live")
        self.page = None

    def _take(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            self.heard.append(message["seq"])
            self.cursor = message["cursor"]


def play(acts: list[tuple[str, int]], followers: list[Follower], no: str, relayed: Any) -> int:
    """Let the acts happen; return how many events were pushed."""
    pushed = 0
    for act, who in acts:
        if act == "push":
            push(no, "note", note=str(pushed))
            pushed += 1
        elif act == "relay":
            relayed()
        else:
            _move(followers[who], act)
    return pushed


def _move(follower: Follower, act: str) -> None:
    if act in ("hear", "cut"):
        follower.hear()
    if act.startswith("cut"):
        follower.cut()
    if act == "join":
        follower.join()


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def key(company):
    return make_key(make_colleague(company), company)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_whatever_is_cut_when_nothing_is_lost_or_doubled(acts, company, key, live, relayed):
    no = make_consignment(company).no
    relayed()
    followers = [Follower(live, key, no) for _ in range(SOCKETS)]
    pushed = play(acts, followers, no, relayed)
    for follower in followers:
        follower.join()
    relayed()
    expected = list(range(2, pushed + 2))
    for follower in followers:
        follower.hear()
        follower.cut()
        assert follower.heard == expected


@pytest.mark.both_databases
def test_a_cut_between_every_two_pushes_loses_nothing(company, key, live, relayed):
    no = make_consignment(company).no
    relayed()
    follower = Follower(live, key, no)
    for number in range(6):
        push(no, "note", note=str(number))
        relayed()
        if number % 2:
            follower.hear()
        follower.cut()
        follower.join()
    assert follower.heard == [2, 3, 4, 5, 6, 7]
