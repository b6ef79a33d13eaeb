"""Rules of advertising: life, audience, pace, choice, chance; numbers as docs/advertising.md says."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.errors import Invalid, PortalError, Refused, TooLarge
from portal.promotion import facts
from portal.promotion.forms import hours_between, span_of
from portal.promotion.rules import chance, choice, content, counting, pacing, states, targeting
from portal.promotion.rules.choice import Entry, Place, Spot
from portal.promotion.rules.counting import Hit, Sender
from portal.promotion.rules.pacing import Booking
from portal.promotion.rules.states import MOVES, State
from portal.promotion.rules.zones import ZONES

START = datetime(2026, 11, 22, tzinfo=UTC)
PERSON = Sender("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36")


@pytest.mark.parametrize("current", State)
@pytest.mark.parametrize("wanted", State)
def test_a_campaign_moves_only_as_the_table_says(current, wanted):
    if wanted in MOVES[current]:
        assert states.advance(current, wanted) is wanted
    else:
        with pytest.raises(Refused):
            states.advance(current, wanted)


def test_a_state_that_does_not_exist_is_refused():
    with pytest.raises(Refused):
        states.advance("draft", "running; drop table")


def test_every_way_to_being_shown_goes_through_an_approval():
    ways = [(a, b) for a, to in MOVES.items() for b in to]
    without = [(a, b) for a, b in ways if MOVES[a][b] != "ads.approve"]
    reached, edge = {State.DRAFT}, {State.DRAFT}
    while edge:
        edge = {b for a, b in without if a in edge} - reached
        reached |= edge
    assert not reached & states.SHOWN


def test_nobody_approves_what_he_has_worked_on():
    with pytest.raises(Refused):
        states.refuse_own(7, [3, 7])
    states.refuse_own(8, [3, 7])


def test_the_clock_starts_and_ends_campaigns():
    end = START + timedelta(days=2)
    assert states.by_clock("approved", START, end, START - timedelta(1)) is None
    assert states.by_clock("approved", START, end, START) is State.RUNNING
    assert states.by_clock("running", START, end, end) is State.ENDED
    assert states.by_clock("paused", START, end, end) is State.ENDED
    assert states.by_clock("draft", START, end, end) is None
    assert states.by_clock("running", START, None, end) is None


@pytest.mark.parametrize(
    ("wanted", "facts", "does"),
    [
        ({}, {}, True),
        ({"audience": []}, {}, True),
        ({"audience": ["visitor"]}, {"audience": {"visitor"}}, True),
        ({"audience": ["visitor"]}, {"audience": {"member"}}, False),
        ({"tier": ["gold"]}, {"audience": {"member"}}, False),
        (
            {"tier": ["gold", "silver"], "language": ["en"]},
            {"tier": {"silver"}, "language": {"en"}},
            True,
        ),
        (
            {"tier": ["gold"], "language": ["en"]},
            {"tier": {"gold"}, "language": {"zh-Hans"}},
            False,
        ),
    ],
)
def test_every_fact_that_is_asked_for_must_hold(wanted, facts, does):
    assert targeting.fits(wanted, facts) is does


def test_hours_go_over_midnight_and_come_back():
    assert hours_between("22", "2") == ["22", "23", "0", "1"]
    assert hours_between("0", "24") == hours_between("7", "7") == hours_between("x", "3") == []
    for first in range(24):
        for last in range(1, 25):
            hours = hours_between(str(first), str(last))
            if hours:
                assert hours_between(*map(str, span_of(hours))) == hours


bookings = st.builds(
    Booking,
    views=st.integers(1, 10_000),
    before=st.integers(0, 12_000),
    mark=st.just(START),
    ends_at=st.timedeltas(timedelta(minutes=1), timedelta(days=400)).map(lambda d: START + d),
)
moments = st.timedeltas(timedelta(days=-2), timedelta(days=500)).map(lambda d: START + d)


@given(bookings, moments, moments)
def test_what_is_allowed_never_shrinks_and_never_passes_what_was_booked(booking, one, other):
    early, late = sorted((one, other))
    assert pacing.allowed(booking, early) <= pacing.allowed(booking, late) + 1e-6
    assert pacing.allowed(booking, late) <= max(booking.views, booking.before) + 1e-6


@given(bookings, st.integers(0, 12_000), moments)
def test_there_is_room_only_below_the_line_and_below_what_was_booked(booking, delivered, now):
    if pacing.has_room(booking, delivered, now):
        assert delivered < booking.views
        assert delivered < pacing.allowed(booking, now)


@given(st.integers(1, 400), st.integers(1, 60), st.integers(1, 2000))
@settings(max_examples=50, deadline=None)
def test_with_readers_enough_all_of_it_is_shown_evenly_and_not_one_more(views, days, asked):
    end = START + timedelta(days=days)
    booking, delivered = Booking(views, 0, START, end), 0
    steps = max(asked, 4 * views)
    for n in range(1, steps + 1):
        now = START + (end - START) * n / steps
        if pacing.has_room(booking, delivered, now):
            delivered += 1
        assert delivered <= pacing.allowed(booking, now) + 1
        assert delivered >= pacing.allowed(booking, now) - 2
    assert delivered == views


@given(st.integers(10, 5000), st.integers(2, 30))
def test_after_poor_days_the_rest_is_spread_over_what_remains(views, days):
    poor = Booking(views, views // 10, START + timedelta(days=1), START + timedelta(days=days))
    rich = replace(poor, before=views // 2)
    half = poor.mark + (poor.ends_at - poor.mark) / 2
    assert pacing.allowed(poor, half) - poor.before >= pacing.allowed(rich, half) - rich.before
    assert pacing.allowed(poor, half) == pytest.approx(poor.before + (views - poor.before) / 2)


def test_without_an_end_there_is_nothing_to_spread():
    assert pacing.has_room(Booking(5, 0, START, None), 4, START)
    assert not pacing.has_room(Booking(5, 0, START, None), 5, START)


def entry(number: int, **values) -> Entry:
    usual = {
        "id": number,
        "starts_at": START - timedelta(days=1),
        "ends_at": START + timedelta(days=30),
        "priority": 2,
        "weight": 10,
        "cap": None,
        "targeting": {},
        "booking": None,
        "delivered": 0,
        "spots": (Spot(number * 10, frozenset({"side"}), 10),),
    }
    return Entry(**(usual | values))


SIDE = Place("side", {}, START)


def drawn(entries, place=SIDE, times=1) -> Counter:
    rng = Random(4)
    return Counter(
        getattr(choice.choose(entries, place, rng.random), "id", None) for _ in range(times)
    )


def test_the_highest_priority_goes_first_and_the_next_only_where_it_may_not():
    house, usual, first = entry(1, priority=3), entry(2), entry(3, priority=1, cap=1)
    assert drawn([house, usual, first], times=50) == {30: 50}
    assert drawn([house, usual, first], replace(SIDE, seen={3: 1}), 50) == {20: 50}
    assert drawn([house], times=5) == {10: 5}


def test_equals_share_by_weight():
    shares = drawn([entry(1, weight=10), entry(2, weight=30)], times=8000)
    assert shares[20] / 8000 == pytest.approx(0.75, abs=0.02)  # 4 standard deviations


def test_the_creatives_of_a_campaign_share_by_weight():
    spots = tuple(Spot(n, frozenset({"side"}), weight) for n, weight in ((1, 1), (2, 4), (3, 0)))
    shares = drawn([entry(1, spots=spots)], times=8000)
    assert shares[2] / 8000 == pytest.approx(0.8, abs=0.02)
    assert shares[3] == 0


@pytest.mark.parametrize(
    "values",
    [
        {"starts_at": START + timedelta(seconds=1)},
        {"ends_at": START},
        {"targeting": {"audience": ["member"]}},
        {"spots": (Spot(1, frozenset({"strip"}), 10),)},
        {"spots": ()},
        {
            "booking": Booking(10, 0, START - timedelta(days=1), START + timedelta(days=1)),
            "delivered": 5,
        },
        {"booking": Booking(10, 0, START, None), "delivered": 10},
    ],
    ids=str,
)
def test_what_may_not_be_shown_here_and_now_is_not(values):
    assert drawn([entry(1, **values)]) == {None: 1}


@given(st.lists(st.integers(1, 100), min_size=1, max_size=8), st.floats(0, 0.999999))
def test_every_draw_gives_one_of_them(weights, at):
    assert choice.drawn(list(range(len(weights))), weights, lambda: at) in range(len(weights))


@pytest.mark.parametrize(
    ("hit", "reason"),
    [
        (Hit("view", PERSON, timedelta(seconds=1)), None),
        (Hit("view", PERSON, timedelta(seconds=0.9)), "too_fast"),
        (Hit("view", PERSON, timedelta(seconds=1.5), creative_kind="video"), "too_fast"),
        (Hit("view", PERSON, timedelta(seconds=2), creative_kind="video"), None),
        (Hit("view", PERSON, timedelta(hours=1, seconds=1)), "expired"),
        (Hit("click", PERSON, timedelta(seconds=0.4)), "too_fast"),
        (Hit("click", PERSON, timedelta(hours=4, seconds=1)), "expired"),
        (Hit("view", PERSON, None), "forged"),
        (Hit("view", PERSON, timedelta(seconds=2), is_visitors_own=False), "foreign"),
        (Hit("view", PERSON, timedelta(seconds=2), so_far=200), "too_many"),
        (Hit("click", PERSON, timedelta(seconds=2), so_far=10), "too_many"),
        (Hit("view", PERSON, timedelta(seconds=2), is_running=False), "not_running"),
        (Hit("view", replace(PERSON, is_staff=True), timedelta(seconds=2)), "staff"),
        (Hit("click", PERSON, None, is_measured=False), "no_view"),
        (Hit("click", Sender("curl/8"), None, is_measured=False), "bot"),
    ],
)
def test_what_speaks_against_a_view_or_click(hit, reason):
    assert counting.reason_against(hit) == reason
    assert reason is None or reason in counting.REASONS


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
        "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
        "Mozilla/5.0 (Linux; U; Android 13; zh-cn; Redmi K50) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/109.0 Mobile Safari/537.36 XiaoMi/MiuiBrowser/17.8",
        "Mozilla/5.0 (Linux; Android 12; HarmonyOS; ALN-AL00) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0 HuaweiBrowser/15.0 Mobile Safari/537.36",
    ],
)
def test_browsers_that_people_use_are_not_taken_for_programs(agent):
    assert not counting.is_program(Sender(agent))
    assert not counting.is_driven(Sender(agent))


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ((9, 1000), (50, 1000), "few"),
        ((50, 1000), (55, 1000), "chance"),
        ((90, 1000), (50, 1000), "better"),
        ((50, 1000), (90, 1000), "worse"),
        ((0, 0), (0, 0), "few"),
        ((1000, 1000), (900, 1000), "few"),
    ],
)
def test_only_more_than_chance_is_called_a_difference(one, other, verdict):
    found = chance.compare(*one, with_clicks=other[0], with_views=other[1])
    assert found.verdict == verdict


def test_the_figure_is_that_of_the_textbook():
    """NIST/SEMATECH 7.3.3 form: p1 = 0.12, p2 = 0.09, n = 1000 each gives z = 2.19, p = 0.0287."""
    found = chance.compare(120, 1000, with_clicks=90, with_views=1000)
    assert found.p == pytest.approx(0.0287, abs=0.0003)


def test_chance_alone_is_called_a_difference_in_about_five_of_a_hundred():
    rng = Random(11)

    def clicks() -> int:
        return sum(rng.random() < 0.05 for _ in range(800))

    said = Counter(
        chance.compare(clicks(), 800, with_clicks=clicks(), with_views=800).verdict
        for _ in range(400)
    )
    assert 0.02 <= (said["better"] + said["worse"]) / 400 <= 0.09


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://a.example/b?c=d#e", True),
        ("http://a.example:8080", True),
        ("/estimate?from=ad", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https:evil", False),
        ("https://", False),
        ("https:///x", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://a.example/\r\nSet-Cookie: x", False),
        ("https://good.example@evil.example/", False),
        ("https://[::1", False),
        (" https://a.example", False),
        ("https://a.example/" + "x" * 500, False),
    ],
)
def test_where_a_click_may_lead(address, may):
    assert content.is_web_address(address) is may


@given(st.binary(max_size=600))
def test_any_bytes_are_judged_without_an_accident(data):
    for kind in ("video", "sound"):
        with suppress(PortalError):
            assert content.checked_media(data, kind) in content.TAKES[kind][0]
    with suppress(PortalError):
        assert content.checked_html(data)


def test_files_are_known_by_their_first_bytes():
    assert content.media_type_of(b"\0\0\0\x20ftypisom\0\0") == content.MP4
    assert content.media_type_of(b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm") == content.WEBM
    assert (
        content.media_type_of(b"ID3\x04\0\0")
        == content.media_type_of(b"\xff\xfb\x90\x00")
        == content.MP3
    )
    assert content.media_type_of(b"\xff\xd8\xff\xe0 a JPEG") is None
    with pytest.raises(TooLarge):
        content.checked_media(b"ID3" + bytes(content.MOST_SOUND), "sound")


def test_words_fall_back_on_the_nearest_language():
    words = {"zh-Hans": {"alt": "箱"}, "en": {"alt": "crate"}}
    assert [content.said_in(words, tag, "alt") for tag in ("zh-Hant", "zh-Hans", "en")] == [
        "箱",
        "箱",
        "crate",
    ]
    assert content.spoken({"en": {"alt": "x"}}, "zh-Hant") == "en"
    with pytest.raises(Invalid):
        content.checked_words({"en": {"headline": "x"}}, "alt")


def test_zones_have_pictures_of_their_shape():
    for zone in ZONES.values():
        assert zone.width * zone.ratio[1] == zone.height * zone.ratio[0]
        assert 0 < zone.safe <= 1


@pytest.mark.parametrize(
    ("endpoint", "part"),
    [
        ("pages.home", "home"),
        ("pages.about", "pages"),
        ("process.index", "pages"),
        ("tracking.one", "tracking"),
        ("study.lesson", "learn"),
        ("member.home", "member"),
        ("never.heard.of", "other"),
        (None, "other"),
    ],
)
def test_every_page_belongs_to_a_part_that_campaigns_may_ask_for(endpoint, part):
    assert facts.part_of(endpoint) == part
