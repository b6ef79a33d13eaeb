"""What is decided about applications: moves, codes, answers, duplicates, questions; tables only."""

import pytest

from portal.accounts.rules import duplicates
from portal.accounts.rules.duplicates import Known, bare, rank
from portal.core.errors import Invalid, Refused
from portal.membership.rules import codes, editing, problems, states
from portal.membership.rules.questions import CORE, LAST, Version, starter
from portal.membership.rules.reading import from_json
from portal.membership.rules.states import ACTIONS, State, after
from tests.membership.applying import answers, contact, credit_code

VERSION = Version(1, starter())
#: action → from → to; every other pair is refused.
LEGAL = {
    ("send", "draft"): "unverified",
    ("prove", "unverified"): "submitted",
    ("take", "submitted"): "in_review",
    ("ask", "in_review"): "info_requested",
    ("answer", "info_requested"): "in_review",
    ("approve", "in_review"): "approved",
    ("approve", "info_requested"): "approved",
    ("refuse", "in_review"): "refused",
    ("refuse", "info_requested"): "refused",
    ("reopen", "refused"): "in_review",
    ("withdraw", "draft"): "withdrawn",
    ("withdraw", "unverified"): "withdrawn",
    ("withdraw", "submitted"): "withdrawn",
    ("withdraw", "in_review"): "withdrawn",
    ("withdraw", "info_requested"): "withdrawn",
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", State)
def test_only_the_moves_of_the_table_are_legal(app, action, state):
    expected = LEGAL.get((action, str(state)))
    if expected:
        assert after(state, action) == expected
    else:
        with pytest.raises(Refused):
            after(state, action)


def test_nobody_decides_on_whom_he_referred_or_on_himself(app):
    with pytest.raises(Refused, match="referred"):
        states.check_decider(7, "a@b.example", referred_by_id=7, emails=frozenset())
    with pytest.raises(Refused, match="named"):
        states.check_decider(
            7, "A@B.example", referred_by_id=None, emails=frozenset({"a@b.example"})
        )
    states.check_decider(7, "a@b.example", referred_by_id=8, emails=frozenset({"c@d.example"}))


GOOD = credit_code(1234567)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (GOOD, None),
        (GOOD.lower(), None),
        (f" {GOOD[:8]} {GOOD[8:]} ", None),
        (GOOD[:17], "there are 17"),
        (GOOD + "1", "there are 19"),
        (GOOD[:10] + "I" + GOOD[11:], "“I”"),
        (GOOD[:17] + ("1" if GOOD[17] != "1" else "2"), "last character"),
        ("X" + GOOD[1:], "first eight"),
        (chr(0xFF19) + GOOD[1:], None),
        ("", "there are 0"),
    ],
)
def test_a_wrong_credit_code_is_answered_by_what_is_wrong_with_it(app, given, said):
    fault = codes.credit_code_fault(given)
    assert (fault is None) if said is None else said in str(fault)


def test_complete_answers_have_no_problems(app):
    assert problems.of_all(VERSION, answers()) == []


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("name", "", "name"),
        ("name", "字" * 10_000, "name"),
        ("name", "a\u202eb", "name"),
        ("credit_code", "", "credit_code"),
        ("credit_code", "91330100MA2KXJ3F7", "credit_code"),
        ("country", "DE", "registration_no"),
        ("kinds", [], "kinds"),
        ("industry", "gambling", "industry"),
        ("founded", "12", "founded"),
        ("founded", "next year", "founded"),
        ("weight_month", "-1", "weight_month"),
        ("weight_month", "NaN", "weight_month"),
        ("weight_month", "1e999", "weight_month"),
        ("expected", "2.5", "expected"),
        ("hazard", "yes", "hazard_classes"),
        ("start_on", "tomorrow", "start_on"),
        ("start_on", "0001-01-01", "start_on"),
        ("contacts", [], "contacts-0-name"),
        ("contacts", [contact(email="x")], "contacts-0-email"),
        ("contacts", [contact(phone="12")], "contacts-0-phone"),
        ("contacts", [contact(), contact(name="")], "contacts-1-name"),
        ("contacts", [contact()] * 7, "contacts"),
        ("lanes", [{"origin": "杭州"}], "lanes-0-destination"),
        ("address", {"address": "", "city": "", "country": "CN"}, "address-address"),
        ("address", {"address": "a", "city": "b", "country": "??"}, "address-country"),
        ("remarks", "x" * 2001, "remarks"),
    ],
)
def test_a_wrong_answer_is_named_by_its_field(app, key, value, field):
    given = answers(**{key: value})
    assert field in [each.field for each in problems.of_all(VERSION, given)]


def test_a_company_abroad_needs_its_registration_and_no_credit_code(app):
    given = answers(country="DE", credit_code="", registration_no="HRB 12345")
    assert problems.of_all(VERSION, given) == []


@pytest.mark.parametrize("value", [None, 5, True, [], {}, "x\0y", "\ud800", [[]], {"a": {}}])
@pytest.mark.parametrize("question", VERSION.by_key.values(), ids=lambda q: q.key)
def test_programs_may_send_anything_and_nothing_breaks(app, question, value):
    kept = from_json(question, value)
    problems.of(question, {question.key: kept})
    assert "\0" not in str(kept)


def known(**values):
    usual = {"kind": "company", "ref": "C1", "name": "杭州华东家居用品有限公司"}
    return Known(**(usual | values))


ONE = known(
    kind="application",
    ref="AP1",
    credit_code=GOOD,
    emails=frozenset({"zhou@huadong.example"}),
    phones=frozenset({"+8613800006021"}),
)
NOBODY = {"name": "完全不同的公司"}


def test_a_code_counts_more_than_a_phone_or_mail_and_these_more_than_a_name(app):
    others = [
        known(ref="name", name="华东家居用品（杭州）股份有限公司"),
        known(ref="mail", emails=ONE.emails, **NOBODY),
        known(ref="code", credit_code=GOOD, **NOBODY),
        known(ref="phone", phones=ONE.phones, **NOBODY),
        known(ref="none", **NOBODY),
    ]
    assert [match.known.ref for match in rank(ONE, others)] == ["code", "mail", "phone", "name"]


def test_many_weak_reasons_never_outweigh_a_strong_one(app):
    weak = known(ref="weak", emails=frozenset({"other@huadong.example"}))
    strong = known(ref="strong", phones=ONE.phones, **NOBODY)
    assert [match.known.ref for match in rank(ONE, [weak, strong])] == ["strong", "weak"]


def test_an_address_of_a_public_domain_says_nothing(app):
    one = known(ref="a", name="甲", emails=frozenset({"a@qq.com"}))
    assert rank(one, [known(ref="b", name="乙", emails=frozenset({"b@qq.com"}))]) == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("杭州华东家居用品有限公司", "杭州华东家居用品股份有限公司", True),
        ("Nordwind GmbH", "NORDWIND Gmbh.", True),
        ("Nordlicht Handels GmbH", "Nordlicht Handelsgesellschaft", True),
        ("云栖茶业", "云栖茶叶", False),
        ("苏州苏锦丝绸有限公司", "无锡精工轴承有限公司", False),
        ("有限公司", "公司", False),
    ],
)
def test_names_are_compared_without_legal_forms(app, one, other, alike):
    assert bool(rank(known(name=one), [known(ref="C2", name=other)])) is alike


def test_a_name_that_is_all_legal_form_keeps_something_to_compare():
    assert bare("公司")


def test_the_starter_asks_in_three_languages(app):
    def words(each):
        yield each.get("label") or each.get("title")
        yield from (each[part] for part in ("hint", "why", "intro") if part in each)
        for part in ("choices", "fields", "items", "questions"):
            for inner in each.get(part, ()):
                yield from words(inner)

    texts = [text for section in starter()["sections"] for text in words(section)]
    assert [
        text for text in texts if not all(text.get(tag) for tag in ("zh-Hans", "zh-Hant", "en"))
    ] == []


def label(text):
    return {"zh-Hans": text, "zh-Hant": text, "en": text}


def test_questions_are_added_moved_and_removed(app):
    new = {"key": "forklifts", "kind": "integer", "label": label("Forklifts"), "required": False}
    content = editing.replaced(starter(), "cargo", None, new)
    content = editing.moved(content, "forklifts", "up")
    keys = [q.key for q in Version(2, content).section("cargo").questions]
    assert keys[-2] == "forklifts"
    assert editing.differences(starter(), content)["marks"] == {"forklifts": "new"}
    content = editing.moved(content, "forklifts", "remove")
    assert content == starter()


@pytest.mark.parametrize("key", sorted(CORE - {"contacts"})[:6])
def test_what_the_portal_works_with_cannot_be_removed(app, key):
    with pytest.raises(Invalid):
        editing.moved(starter(), key, "remove")


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"key": "Bad Key"}, "key"),
        ({"key": "name"}, "key"),
        ({"label": {"en": "only"}}, "label-zh-Hans"),
        ({"label": label("x" * 500)}, "label-en"),
        ({"kind": "rows"}, "kind"),
        ({"kind": "choice", "choices": []}, "choices"),
        ({"kind": "choice", "choices": [{"key": "a", "label": label("A")}] * 2}, "choices"),
    ],
)
def test_a_wrong_question_is_named_by_its_field(app, raw, field):
    usual = {"key": "fresh", "kind": "text", "label": label("Fresh"), "required": False}
    with pytest.raises(Invalid) as caught:
        editing.replaced(starter(), "cargo", None, usual | raw)
    assert field in [each.field for each in caught.value.errors]


def test_nothing_is_added_to_the_last_section(app):
    usual = {"key": "fresh", "kind": "text", "label": label("Fresh"), "required": False}
    with pytest.raises(Invalid):
        editing.replaced(starter(), LAST, None, usual)


def test_points_fall_with_the_weight_of_their_reason():
    points = duplicates.POINTS
    strong, middle = points["credit_code"], max(points["email"], points["phone"])
    weak = points["name"] + 3 * duplicates.FURTHER
    assert strong > middle + 3 * duplicates.FURTHER
    assert min(points["email"], points["phone"]) > weak
