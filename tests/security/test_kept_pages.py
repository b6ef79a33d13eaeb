"""Pages that are kept for everybody show nobody anything of another visitor's request."""

import pytest

from portal.core import kept
from tests.conftest import Browser
from tests.factories import make_colleague, make_company, make_consignment, push


@pytest.fixture(autouse=True)
def answers(app):
    """Return the kept answers, of which there are none yet."""
    answers = app.extensions["kept answers"]
    for key in list(answers._kept):
        answers._forget(key)
    return answers


@pytest.fixture
def address(app):
    return f"/track/{make_consignment().no}"


def fetch(app, address, cookies: str = "", **asked) -> str:
    """Fetch a page as a visitor whom nobody has seen before."""
    visitor = Browser(app)
    for cookie in filter(None, cookies.split("; ")):
        visitor.client.set_cookie(*cookie.split("="))
    answer = visitor.get(address, **asked)
    assert answer.status_code == 200
    return answer.text


POISON = [
    {"headers": {"Host": "evil.example"}},
    {"headers": {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"}},
    {"headers": {"X-Original-URL": "/evil", "X-Rewrite-URL": "/evil"}},
    {"headers": {"Referer": "https://evil.example/", "User-Agent": "evil"}},
    {"cookies": "theme=evil; density=evil; lang=evil; other=evil"},
    {"environ_overrides": {"SCRIPT_NAME": "/evil"}},
    {"environ_overrides": {"wsgi.url_scheme": "evil"}},
    {"query_string": "lang=evil&theme=evil&utm=evil"},
]


@pytest.mark.parametrize("asked", POISON, ids=str)
def test_nothing_of_one_request_stays_for_the_next(app, address, asked):
    fetch(app, address, **asked)
    assert "evil" not in fetch(app, address)


def test_each_is_answered_in_his_own_language_and_colours(app, address):
    for cookie, words in (
        ("lang=en", 'lang="en"'),
        ("lang=zh-Hant", 'lang="zh-Hant"'),
        ("lang=en; theme=dark", 'data-theme="dark"'),
        ("lang=en; density=compact", 'data-density="compact"'),
        ("lang=en", 'data-theme="auto" data-density="comfortable"'),
    ):
        assert words in fetch(app, address, cookie)
    assert 'lang="zh-Hant"' in fetch(app, address, headers={"Accept-Language": "zh-TW"})
    assert 'lang="en"' in fetch(app, address, headers={"Accept-Language": "en"})


def test_no_two_answers_share_a_nonce(app, address):
    client = Browser(app)
    answers = [client.get(address) for _ in range(3)]
    nonces = [a.headers["Content-Security-Policy"].split("nonce-")[1][:22] for a in answers]
    assert len(set(nonces)) == 3
    for nonce, answer in zip(nonces, answers, strict=True):
        assert f'nonce="{nonce}"' in answer.text
        assert not [other for other in nonces if other != nonce and other in answer.text]


def test_what_a_signed_in_person_or_a_proof_saw_is_never_kept(app, as_user, browser):
    company = make_company()
    person = make_colleague(company, name="Very Own Name")
    no = make_consignment(company).no
    assert "Very Own Name" in as_user(person).get(f"/track/{no}").text
    browser.post(f"/track/{no}", {"tail": "6021"})
    assert "138****6021" in browser.get(f"/track/{no}").text
    seen = fetch(app, f"/track/{no}")
    assert "Very Own Name" not in seen
    assert "6021" not in seen


def test_a_kept_page_tells_of_what_happened_since(app, address):
    before = fetch(app, address, "lang=en")
    push(address.rpartition("/")[2], "picked_up")
    after = fetch(app, address, "lang=en")
    assert "Picked up" in after
    assert before != after


def test_an_answer_that_sets_a_cookie_is_for_that_visitor_alone(app, address, answers, monkeypatch):
    inner = answers._inner

    def begin_session(environ, start):
        def begun(status, headers, *fault):
            return start(status, [*headers, ("Set-Cookie", "session=his-own")], *fault)

        return inner(environ, begun)

    monkeypatch.setattr(answers, "_inner", begin_session)
    assert "session" in Browser(app).get(address).headers["Set-Cookie"]
    assert len(answers._kept) == 0


def test_no_number_of_addresses_takes_more_memory_than_is_allowed(
    app, address, answers, monkeypatch
):
    monkeypatch.setattr(kept, "MOST_BYTES", 200_000)
    for number in range(40):
        fetch(app, address, f"theme={number}{'x' * 4000}")
    assert 0 < len(answers._kept) < 40
    held = sum(sum(map(len, each.body)) for each in answers._kept.values())
    assert held + sum(len(str(key)) for key in answers._kept) <= answers._size <= 200_000
