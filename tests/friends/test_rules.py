"""Addresses that a link may lead to, what counts as dead, and how a link moves."""

import pytest

from portal.core import outbound
from portal.core.errors import Refused
from portal.pages.friends import rules
from portal.pages.friends.rules import State


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.com/",
        "http://customs.example.cn/a?b=1",
        "https://例子.example/路",
    ],
)
def test_addresses_of_the_web_are_taken(url):
    assert rules.is_web_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.com/",
        "//example.com/",
        "https://",
        "https://localhost/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://2130706433/",
        "https://user:secret@example.com/",
        "https://example.com:99999/",
        "https://example.com/<script>",
        "https://exam\u202eple.com/",
        "https://example.com/\nx",
        "",
    ],
)
def test_other_addresses_are_not(url):
    assert not rules.is_web_address(url)


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 "
    "255.255.255.255 ::1 :: fe80::1 fe80::1%eth0 fc00::1 ::ffff:10.0.0.1 ::ffff:127.0.0.1 "
    "2002:7f00:1:: ff02::1 name".split(),
)
def test_addresses_inside_a_network_are_not_public(address):
    assert not outbound.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111"])
def test_addresses_of_the_internet_are_public(address):
    assert outbound.is_public(address)


def test_a_link_moves_only_as_the_table_says():
    for state in State:
        for wanted in State:
            if wanted in rules.MOVES[state]:
                assert rules.advance(state, wanted) is wanted
            else:
                with pytest.raises(Refused):
                    rules.advance(state, wanted)


def test_a_link_counts_as_dead_after_three_failures():
    assert [rules.is_dead(n) for n in range(5)] == [False, False, False, True, True]


@pytest.mark.parametrize(
    ("status", "there"), [(200, True), (204, True), (403, True), (404, False), (500, False)]
)
def test_a_closed_door_is_somebody(status, there):
    assert rules.answers(status) is there
