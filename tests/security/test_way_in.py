"""What strangers reach since the centre has a public face: files, links, codes, shared keys."""

import io
import zipfile

import pytest

from portal.core import outbound, sniff
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.pagination import encode
from portal.learning.models import Work
from portal.membership import service
from portal.membership.rules.states import check_decider, mailbox
from portal.membership.service.referrals import referrer
from portal.promotion.models import Campaign
from tests.factories import make_person
from tests.learning.made import make_staff, make_work
from tests.membership.applying import make_application
from tests.promotion.making import add, draft

DOCX = (("[Content_Types].xml", b"<Types/>" * 400), ("word/document.xml", b"<w/>" * 400))


def packed(*parts, how=zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", how) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return output.getvalue()


@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_document_that_is_broken_inside_is_refused_and_not_our_fault(how):
    whole = packed(*DOCX, how=how)
    assert sniff.kind_of(whole) == sniff.DOCX
    begin = 30 + len("[Content_Types].xml")  # where the first part's packed bytes begin
    for at in range(begin, begin + 30, 3):
        broken = bytearray(whole)
        broken[at : at + 8] = b"\xff" * 8
        assert sniff.kind_of(bytes(broken)) in (None, sniff.DOCX)


def test_tables_of_a_document_that_would_fill_the_memory_are_not_unpacked():
    bomb = packed(("[Content_Types].xml", bytes(8 * 1024 * 1024)), DOCX[1])
    assert len(bomb) < 20_000
    assert sniff.kind_of(bomb) is None


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_document_with_two_parts_of_one_name_is_refused():
    harmful = ("[Content_Types].xml", b"macroEnabled")
    assert sniff.kind_of(packed(harmful, *DOCX)) is None


@pytest.mark.parametrize(
    "address",
    [
        "fec0::1",
        "64:ff9b::7f00:1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "192.0.0.8",
        "3fff::1",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "::",
        "169.254.169.254",
    ],
)
def test_no_address_of_the_inside_is_taken_for_a_public_one(address):
    assert not outbound.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example.com:25/",
        "http://mail.example.com:22/",
        "http://:secret@www.example.com/",
        "http://name:secret@www.example.com/",
        "gopher://www.example.com/",
        "http://[::1",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
    ],
)
def test_only_web_sites_are_asked(url):
    with pytest.raises(outbound.NotAllowed):
        outbound.ask(url)


def test_a_redirect_to_nothing_ends_the_question(monkeypatch):
    monkeypatch.setattr(outbound, "_once", lambda parts, method: (302, "http://[::1"))
    with pytest.raises(outbound.Unreachable):
        outbound.ask("http://www.example.com/")


MESSAGE = {
    "name": "Julia Meyer",
    "email": "julia@moebel.example",
    "subject": "Pallets",
    "text": "What does a pallet to Hamburg cost?",
}


def test_visitors_at_other_addresses_share_no_idempotency_key(app, browser):
    def send(address):
        return browser.post(
            "/api/v1/messages",
            json=MESSAGE,
            headers={"Idempotency-Key": "1"},
            environ_base={"REMOTE_ADDR": address},
        )

    first, again, other = send("203.0.113.1"), send("203.0.113.1"), send("203.0.113.2")
    assert first.json["link"] == again.json["link"]
    assert again.headers["Cache-Control"] == "no-store"
    assert other.status_code == 201
    assert other.json["link"] != first.json["link"]


@pytest.mark.parametrize(
    "alias",
    [
        "Ming@centre.example",
        "ming+friend@centre.example",
        "\uff4d\uff49\uff4e\uff47@centre.example",
    ],
)
def test_who_decides_is_known_by_every_spelling_of_his_mailbox(alias):
    assert mailbox(alias) == "ming@centre.example"
    with pytest.raises(Refused):
        check_decider(
            1, "ming@centre.example", referred_by_id=None, emails=frozenset({alias.lower()})
        )


def test_a_referral_is_known_by_every_spelling_of_the_mailbox(app):
    person = make_person(staff_role="sales")
    local, _, host = person.email.partition("@")
    with app.app_context():
        assert referrer(f" {local.upper()}+a@{host} ") == person.id


def test_nobody_publishes_a_course_that_was_changed_while_he_read_it(app, as_user):
    work = make_work(published=False)
    writer, manager = as_user(make_staff("marketing")), as_user(make_staff("manager"))
    path = f"/desk/learning/course/{work.slug}"
    assert writer.post(f"{path}/submit", {"edition": "1"}).status_code == 303
    assert 'name="edition" value="1"' in manager.get(path).text
    lesson = {"title_en": "New", "body_en": "Words.", "edition": "1"}
    assert writer.post(f"{path}/part/new", lesson).status_code == 303
    writer.post(f"{path}/submit", {"edition": "2"})
    assert manager.post(f"{path}/publish", {"edition": "1"}).status_code == 409
    db.session.rollback()
    assert db.session.query(Work).filter_by(slug=work.slug).one().shown_number is None
    assert manager.post(f"{path}/publish", {"edition": "2"}).status_code == 303


def test_nobody_approves_a_campaign_that_was_changed_while_he_looked_at_it(app, as_user):
    marketing = make_person(staff_role="marketing")
    campaign = draft(marketing)
    add(campaign)
    maker, other = as_user(marketing), as_user(make_person(staff_role="manager"))
    path = f"/desk/ads/{campaign.ref}"
    maker.post(f"{path}/move", {"state": "in_review"})
    seen = other.get(path).text.partition('name="seen" value="')[2].partition('"')[0]
    assert int(seen) > 0
    maker.post(f"{path}/move", {"state": "draft"})
    maker.post(f"{path}/move", {"state": "in_review"})
    other.post(f"{path}/move", {"state": "approved", "seen": seen})
    assert state_of(campaign.ref) == "in_review"
    now = other.get(path).text.partition('name="seen" value="')[2].partition('"')[0]
    other.post(f"{path}/move", {"state": "approved", "seen": now})
    assert state_of(campaign.ref) in ("approved", "running")


def state_of(ref: str) -> str:
    """Return where a campaign stands now."""
    db.session.rollback()
    return db.session.query(Campaign).filter_by(ref=ref).one().state


def test_a_code_is_not_guessed_at_from_many_addresses(app, browser, monkeypatch):
    monkeypatch.setitem(app.config, "RATE_LIMITS", {"application_proof": "3/hour"})
    application = make_application("unverified")
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    replies = [
        browser.post(
            f"/apply/{application.ref}/proof",
            {"do": "again"},
            environ_base={"REMOTE_ADDR": f"203.0.113.{number}"},
        )
        for number in range(5)
    ]
    said = [reply.text for reply in replies]
    assert sum("asked too often" in text for text in said) == 2


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "x"])
def test_a_place_in_the_queue_beyond_all_times_is_refused(app, as_user, at):
    manager = as_user(make_person(staff_role="manager"))
    assert manager.get(f"/desk/applications?after={encode([at, 1])}").status_code == 422
    assert manager.get(f"/news?after={encode([at, 1])}").status_code < 500
    assert manager.get(f"/desk/companies/?after={encode([at, 1])}").status_code < 500
