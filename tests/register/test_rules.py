"""Which companies of a register are likely the same: pure."""

from random import Random

import pytest

from portal.accounts.rules.duplicates import COMMON, Known, ranked_pairs


def one(ref, name, **values):
    return Known(kind="company", ref=ref, name=name, **values)


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ({"credit_code": "X"}, {"credit_code": "X"}, "credit_code"),
        ({"phones": frozenset("1")}, {"phones": frozenset("1")}, "phone"),
        (
            {"emails": frozenset({"a@sea.example"})},
            {"emails": frozenset({"b@sea.example"})},
            "mail_domain",
        ),
    ],
)
def test_what_two_have_in_common_is_found_whatever_they_are_called(a, b, reason):
    (pair,) = ranked_pairs([one("1", "甲木", **a), one("2", "乙火", **b)])
    assert pair.reasons == (reason,)


def test_a_code_counts_more_than_a_phone_and_that_more_than_a_name():
    known = [
        one("1", "华东家居"),
        one("2", "华东家居有限公司"),
        one("3", "甲木", credit_code="X"),
        one("4", "乙火", credit_code="X"),
        one("5", "丙土", phones=frozenset("1")),
        one("6", "丁金", phones=frozenset("1")),
    ]
    assert [pair.reasons[0] for pair in ranked_pairs(known)] == ["credit_code", "phone", "name"]


def test_mail_from_a_public_provider_says_nothing():
    known = [
        one(str(n), name, emails=frozenset({f"{n}@qq.com"}))
        for n, name in enumerate(("甲木", "乙火"))
    ]
    assert ranked_pairs(known) == []


def test_what_many_have_in_common_says_nothing():
    names = [f"{chr(0x4E00 + 7 * n)}{chr(0x5000 + 11 * n)}科技" for n in range(COMMON + 5)]
    assert ranked_pairs([one(str(n), name) for n, name in enumerate(names)]) == []


def test_a_large_register_is_compared_without_comparing_all_with_all(monkeypatch):
    rng = Random(1)
    letters = "东西南北江河湖海山川云天光明华丰泰安顺达通运物流贸易科技电子机械纺织食品茶业"
    known = [
        one(str(n), "".join(rng.choices(letters, k=6)), credit_code=str(n % 1990))
        for n in range(2000)
    ]
    assert len(ranked_pairs(known)) >= 10


def test_the_same_name_is_found_however_common_its_parts_are():
    names = [f"海川贸易{chr(0x4E00 + 7 * n)}" for n in range(COMMON + 5)]
    known = [one(str(n), name) for n, name in enumerate(names)]
    known += [one("x", "海川贸易"), one("y", "海川贸易有限公司")]
    first = ranked_pairs(known)[0]
    assert (first.one.ref, first.other.ref) == ("x", "y")
