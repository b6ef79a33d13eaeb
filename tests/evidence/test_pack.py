"""Evidence packs: whole, checkable by a stranger with standard tools, and no word too many."""

import hashlib
import io
import sys
from datetime import UTC, datetime

import pypdfium2
import pytest
import time_machine
import zxingcpp
from PIL import Image
from sqlalchemy import select, text

from portal.consignments import sealing
from portal.consignments.models import TrackingEvent
from portal.consignments.queries.one import head_for
from portal.consignments.service import retractions
from portal.consignments.service.attachments import attach
from portal.core import events, scope
from portal.core.db import db, transaction, write
from portal.core.files import keep_picture
from portal.documents.evidence.models import EvidencePack
from tests.documents.reading import texts
from tests.evidence.packs import address, fetch
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_key,
    push,
    user_of,
)
from workers import relay

SECRET = "do not tell: 内部 secret"


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "orange").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def story(app):
    """Make a consignment with a photo, a hidden note with a photo, and a withdrawn event."""
    company = make_company()
    owner, dispatcher = make_colleague(company), make_dispatcher()
    made = make_consignment(company)
    shown = push(made.no, "picked_up", place="杭州 西湖区 📦", note="签收人：周敏", lat=30.25)
    hidden = push(made.no, "note", published=False, note=SECRET, source="manual")
    wrong = push(made.no, "hub_arrived", place="wrong hub")
    staff = user_of(dispatcher)
    for event in (shown, hidden):
        stored = keep_picture(photo())
        write(lambda on, e=event, s=stored: attach(
            head_for(staff, made.no, on=on), e.id, s, by=dispatcher.id, on=on
        ))  # fmt: skip
    write(lambda on: retractions.retract(
        head_for(staff, made.no, on=on), wrong.id, reason="another parcel",
        by=dispatcher.id, source="manual", on=on,
    ))  # fmt: skip
    make_consignment(company)
    relay.run_once()
    return made.no, owner, dispatcher


@pytest.fixture
def pack(story, as_user, tmp_path):
    """Return the pack that the owner has fetched."""
    no, owner, _ = story
    return fetch(as_user(owner), no, tmp_path)


def test_sha256sum_accepts_the_manifest(pack):
    checked = pack.run("sha256sum", "-c", "SHA256SUMS")
    assert checked.returncode == 0, checked.stdout
    listed = {line.split(":")[0] for line in checked.stdout.splitlines()}
    assert listed == pack.names() - {"SHA256SUMS"}


@pytest.mark.parametrize("checker", [("sh", "check.sh"), (sys.executable, "check.py")])
def test_a_stranger_checks_the_chain_with_what_is_enclosed(pack, checker):
    checked = pack.run(*checker)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "agrees with itself" in checked.stdout


ALTERED = {
    "events.json": lambda data: data.replace(b"picked_up", b"delivered"),
    "photos": lambda data: data[:-1] + b"x",
    "chain/chain.tsv": lambda data: data.replace(b"\t", b"\t0", 1),
}


@pytest.mark.parametrize("checker", [("sh", "check.sh"), (sys.executable, "check.py")])
@pytest.mark.parametrize("name", ALTERED)
def test_the_enclosed_checkers_see_an_altered_file(pack, checker, name):
    path = next(p for p in sorted(pack.folder.rglob("*")) if p.is_file() and name in str(p))
    path.write_bytes(ALTERED[name](path.read_bytes()))
    assert pack.run(*checker).returncode == 1


@pytest.mark.parametrize("checker", [("sh", "check.sh"), (sys.executable, "check.py")])
def test_the_enclosed_checkers_see_a_record_forged_together_with_the_manifest(pack, checker):
    record = sorted((pack.folder / "chain").glob("*.json"))[0]
    old = hashlib.sha256(record.read_bytes()).hexdigest()
    record.write_bytes(record.read_bytes().replace(b"ordered", b"drafted"))
    new = hashlib.sha256(record.read_bytes()).hexdigest()
    sums = pack.folder / "SHA256SUMS"
    sums.write_text(sums.read_text().replace(old, new))
    assert pack.run("sha256sum", "-c", "--quiet", "SHA256SUMS").returncode == 0
    checked = pack.run(*checker)
    assert (checked.returncode, "record" in checked.stdout + checked.stderr) == (1, True)


def test_when_it_was_made_is_said_in_the_centres_time_with_its_offset(story, as_user, tmp_path):
    no, owner, _ = story
    with time_machine.travel(datetime(2026, 11, 22, 20, 30, 7, tzinfo=UTC), tick=False):
        browser = as_user(owner)
        pack = fetch(browser, no, tmp_path)
        about = pack.read("pack.json")
        page = browser.get(f"/verify/{about['ref']}").text
    said = "2026-11-23 04:30:07 +08:00"
    assert about["made_at"] == said
    assert said in "".join(texts((pack.folder / "evidence.pdf").read_bytes()))
    assert said in pack.text()
    assert said in page


def test_internal_notes_never_enter_a_members_pack(pack):
    whole = pack.text()
    assert SECRET not in whole
    assert "do not tell" not in whole
    lines = (pack.folder / "chain/chain.tsv").read_text().splitlines()[1:]
    hidden = [line for line in lines if line.endswith("\t-")]
    assert len(hidden) == 2  # the note and its photo: only their digests
    assert len(pack.read("events.json")["events"]) == 4
    assert len([name for name in pack.names() if name.startswith("photos/")]) == 1


def test_the_centres_own_pack_holds_internal_notes(story, as_user, tmp_path):
    no, _, dispatcher = story
    pack = fetch(as_user(dispatcher), no, tmp_path)
    assert SECRET in pack.text()
    assert len([name for name in pack.names() if name.startswith("photos/")]) == 2
    assert pack.run("sh", "check.sh").returncode == 0


def test_history_is_complete_with_what_was_withdrawn(pack):
    told = pack.read("events.json")["events"]
    assert [event["code"] for event in told] == [
        "ordered",
        "picked_up",
        "hub_arrived",
        "retraction",
    ]
    assert told[-1]["retracts"] == told[2]["id"]
    assert all(event["position"] for event in told)


def test_each_record_says_what_the_event_says(pack):
    for event in pack.read("events.json")["events"][1:]:
        record = pack.read(f"chain/{event['position']}.json")
        assert record["payload"]["event_id"] == event["id"]
        assert record["payload"]["place"] == (event["place"] or {}).get("text")
        assert record["payload"]["note"] == event["note"]
        assert record["position"] == event["position"]


def test_the_same_pack_is_given_again_while_nothing_happens(story, as_user, tmp_path):
    no, owner, _ = story
    browser = as_user(owner)
    first = browser.get(address(no)).data
    make_consignment()
    relay.run_once()
    assert browser.get(address(no)).data == first
    with_paper = browser.get(address(no, "evidence.pdf")).data
    assert fetch(browser, no, tmp_path).folder.joinpath("evidence.pdf").read_bytes() == with_paper
    assert len(packs()) == 1


def packs():
    query = select(EvidencePack.__table__).execution_options(**scope.CENTRE)
    return db.session.execute(query).all()


def test_another_pack_is_made_once_something_has_happened(story, as_user):
    no, owner, _ = story
    browser = as_user(owner)
    first = browser.get(address(no)).data
    push(no, "hub_arrived", place="杭州")
    relay.run_once()
    assert browser.get(address(no)).data != first
    assert len({row.ref for row in packs()}) == 2


def test_what_is_not_chained_yet_is_in_it_and_said_so(story, as_user, tmp_path, monkeypatch):
    monkeypatch.setattr("portal.documents.evidence.service.PATIENCE_S", 0.0)
    monkeypatch.setattr(events, "at_commit", [])  # as on PostgreSQL: the relay comes later
    no, owner, _ = story
    push(no, "hub_arrived", place="杭州")
    browser = as_user(owner)
    told = fetch(browser, no, tmp_path).read("events.json")["events"]
    assert told[-1]["position"] is None
    first = packs()[0].ref
    relay.run_once()
    browser.get(address(no))
    assert packs()[-1].ref != first


def test_a_stranger_is_told_nothing(story, as_user):
    no, _, _ = story
    for name in ("evidence.zip", "evidence.pdf"):
        assert as_user(make_colleague()).get(address(no, name)).status_code == 404
    assert packs() == []


def test_who_is_not_signed_in_is_refused(story, browser):
    no, _, _ = story
    assert browser.get(address(no)).status_code == 401


def test_a_program_fetches_it_with_a_key(story, with_key):
    no, owner, _ = story
    company = db.session.scalar(text("SELECT company_id FROM consignment LIMIT 1"))
    key = make_key(owner, type("Company", (), {"id": company})(), ("consignments.see",))
    answer = with_key(key).get(address(no))
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/zip"
    assert f"evidence-{no}.zip" in answer.headers["Content-Disposition"]


def test_the_paper_reads_back_with_its_code(pack, app):
    document = pypdfium2.PdfDocument((pack.folder / "evidence.pdf").read_bytes())
    said = "\n".join(page.get_textpage().get_text_range() for page in document)
    ref = pack.read("pack.json")["ref"]
    assert ref in said
    assert "签收人：周敏" in said
    assert "Withdrawn later" in said
    assert SECRET not in said
    codes = zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())
    assert [code.text for code in codes] == [f"http://localhost/verify/{ref}"]


def test_a_history_of_two_hundred_events_fills_several_pages(app, as_user, tmp_path):
    company = make_company()
    made = make_consignment(company)
    for n in range(60):
        push(made.no, "note", note=f"{n} " + "很长的备注 long 📦 " * 40, place="ش" * 200)
    relay.run_once()
    pack = fetch(as_user(make_colleague(company)), made.no, tmp_path)
    document = pypdfium2.PdfDocument((pack.folder / "evidence.pdf").read_bytes())
    assert len(document) > 3
    assert pack.run("sh", "check.sh").returncode == 0


def test_what_came_in_bulk_is_checked_by_its_seal(app, as_user, tmp_path, monkeypatch):
    monkeypatch.setattr(events, "at_commit", [])
    company = make_company()
    numbers = [make_consignment(company).no for _ in range(3)]
    push(numbers[1], "note", published=False, note=SECRET)
    with transaction():
        on = db.session.connection()
        db.session.execute(text("DELETE FROM event"))  # as if the log had begun afterwards
        last = db.session.scalar(
            select(TrackingEvent.id).order_by(TrackingEvent.id.desc()).limit(1)
            .execution_options(**scope.CENTRE)
        )  # fmt: skip
        histories = sealing.histories(0, last, on=on)
        events.record(sealing.seal(histories, group=0, upto=last), on=on)
    relay.run_once()
    pack = fetch(as_user(make_colleague(company)), numbers[1], tmp_path)
    assert {"sealed/history.json", "sealed/digests.txt"} <= pack.names()
    assert SECRET not in pack.text()
    for checker in (("sh", "check.sh"), (sys.executable, "check.py")):
        assert pack.run(*checker).returncode == 0
    history = pack.folder / "sealed/history.json"
    sums = pack.folder / "SHA256SUMS"
    old = hashlib.sha256(history.read_bytes()).hexdigest()
    history.write_bytes(history.read_bytes().replace(b"ordered", b"drafted"))
    sums.write_text(sums.read_text().replace(old, hashlib.sha256(history.read_bytes()).hexdigest()))
    for checker in (("sh", "check.sh"), (sys.executable, "check.py")):
        assert pack.run(*checker).returncode == 1
