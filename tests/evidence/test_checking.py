"""The public page on which anybody checks an evidence pack."""

import pytest
from sqlalchemy import text

from portal.core.db import db, transaction
from portal.live import log
from tests.consignments.conftest import statements
from tests.evidence.packs import address, fetch
from tests.factories import make_colleague, make_company, make_consignment, push
from workers import relay

__all__ = ["statements"]
LANGUAGES = {
    "en": "Our log still agrees with this pack.",
    "zh-Hans": '<html lang="zh-Hans"',
    "zh-Hant": '<html lang="zh-Hant"',
}


@pytest.fixture
def made(app, as_user, tmp_path):
    """Return a pack, its consignment's number and its reference."""
    company = make_company(name="Nobody may read this name")
    consignment = make_consignment(company)
    push(consignment.no, "picked_up", place="杭州")
    relay.run_once()
    pack = fetch(as_user(make_colleague(company)), consignment.no, tmp_path)
    return pack, consignment.no, pack.read("pack.json")["ref"]


def do(sql: str) -> None:
    with transaction():
        db.session.execute(text(sql))
    db.session.remove()


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_sees_when_it_was_made_and_that_the_log_agrees(made, browser, language):
    pack, _, ref = made
    browser.client.set_cookie("lang", language)
    answer = browser.get(f"/verify/{ref}")
    assert answer.status_code == 200
    assert LANGUAGES[language] in answer.text
    assert pack.read("pack.json")["made_at"] in answer.text
    assert sum_of(pack, "evidence.pdf") in answer.text


def test_nothing_personal_is_told(made, browser):
    _, no, ref = made
    said = browser.get(f"/verify/{ref}").text
    for secret in (no, "Nobody may read", "杭州", "周敏", "picked_up"):
        assert secret not in said


def test_unknown_and_malformed_references_are_answered_alike(app, browser):
    answers = [browser.get(f"/verify/{ref}") for ref in ("0" * 30, "x", "%00", "'; --", "é" * 40)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text.split("<main")[1].split("</main>")[0] for answer in answers}) == 1
    assert "There is no evidence pack with that reference." in answers[0].text


def sum_of(pack, name: str) -> str:
    lines = (pack.folder / "SHA256SUMS").read_text().splitlines()
    return next(line.split()[0] for line in lines if line.endswith(f"  {name}"))


@pytest.mark.parametrize("name", ["evidence.pdf", "events.json", "chain/chain.tsv"])
@pytest.mark.parametrize("written", ["{}", " {} ", "SHA256:{}"])
def test_a_typed_fingerprint_of_a_file_is_known(made, browser, name, written):
    pack, _, ref = made
    asked = written.format(sum_of(pack, name).upper())
    answer = browser.get(f"/verify/{ref}", query_string={"sum": asked})
    assert "The file is unaltered." in answer.text
    assert name in answer.text


def test_the_fingerprint_of_the_pack_and_of_its_manifest_are_known(made, browser):
    pack, _, ref = made
    printed = pack.run("sha256sum", "SHA256SUMS").stdout.split()[0]
    assert "The file is unaltered." in browser.get(f"/verify/{ref}?sum={printed}").text
    (pack.folder / "whole.zip").write_bytes(pack.data)
    printed = pack.run("sha256sum", "whole.zip").stdout.split()[0]
    assert "It is evidence.zip of this pack" in browser.get(f"/verify/{ref}?sum={printed}").text


def test_another_fingerprint_is_said_to_be_none_of_this_pack(made, browser):
    _, _, ref = made
    answer = browser.get(f"/verify/{ref}?sum={'0' * 64}")
    assert "No file of this pack has that fingerprint." in answer.text


@pytest.mark.parametrize("asked", ["abc", "g" * 64, "<script>", "9" * 5000])
def test_what_is_no_fingerprint_is_said_so(made, browser, asked):
    _, _, ref = made
    answer = browser.get(f"/verify/{ref}", query_string={"sum": asked})
    assert answer.status_code == 422
    assert "has 64 digits" in answer.text
    assert "<script>" not in answer.text


def test_a_pack_still_agrees_after_later_events(made, browser):
    _, no, ref = made
    push(no, "hub_arrived")
    make_consignment()
    relay.run_once()
    assert "Our log still agrees" in browser.get(f"/verify/{ref}").text


ALTERED = (
    "UPDATE tracking_event SET place = 'x' WHERE seq = 2",
    "DELETE FROM tracking_event WHERE seq = 2",
    "UPDATE event SET actor_id = 9 WHERE position = 2",
    "UPDATE event SET digest = hash WHERE position = 2",
)


@pytest.mark.parametrize("change", ALTERED)
def test_a_pack_is_told_not_to_agree_once_its_history_was_altered(made, browser, change):
    _, _, ref = made
    do(change)
    said = browser.get(f"/verify/{ref}").text
    assert "Our log does not agree with this pack any more." in said


def test_a_pack_does_not_agree_where_only_others_history_was_altered(app, as_user, browser):
    company = make_company()
    mine, other = make_consignment(company), make_consignment(company)
    relay.run_once()
    owner = as_user(make_colleague(company))
    owner.get(address(mine.no))
    ref = db.session.scalar(text("SELECT ref FROM evidence_pack"))
    assert other.no
    do("UPDATE event SET hash = digest WHERE position = (SELECT position FROM evidence_pack)")
    assert "does not agree with this pack in full" in browser.get(f"/verify/{ref}").text


def test_looking_up_is_limited(made, browser, app, monkeypatch):
    monkeypatch.setitem(app.config, "RATE_LIMITS", {"lookup": "2/minute"})
    _, _, ref = made
    answers = [browser.get(f"/verify/{ref}").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_a_visitor_gets_no_session_and_no_copy_is_kept(made, browser):
    _, _, ref = made
    answer = browser.get(f"/verify/{ref}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_pack_of_another_epoch_agrees_while_its_history_is_there(made, browser):
    _, _, ref = made
    with transaction():
        log.begin_epoch()
    assert "Our log still agrees" in browser.get(f"/verify/{ref}").text


def test_the_page_takes_as_many_statements_for_a_long_history(made, browser, as_user, statements):
    _, no, ref = made

    def cost(reference: str) -> int:
        with statements() as seen:
            assert browser.get(f"/verify/{reference}").status_code == 200
        return len(seen)

    cost(ref)
    short = cost(ref)
    for _ in range(20):
        push(no, "note")
    relay.run_once()
    owner = db.session.scalar(text("SELECT email FROM person LIMIT 1"))
    as_user(type("Person", (), {"email": owner})()).get(address(no))
    longer = db.session.scalar(text("SELECT ref FROM evidence_pack ORDER BY id DESC LIMIT 1"))
    assert longer != ref
    assert cost(longer) == short <= 5
