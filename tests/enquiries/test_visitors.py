"""Visitors write, follow by their secret link, and add; nothing they typed is ever lost."""

import io
import re

from sqlalchemy import select

from portal.core import scope
from portal.core.jobs import Job
from portal.enquiries.models import Message, MessageFile
from tests.enquiries.made import TEXT, filled, make_agent, make_message, sent, shown_at


def rows(db, model=Message):
    db.session.rollback()
    return db.session.execute(select(model.__table__).execution_options(**scope.CENTRE)).all()


def bare(page):
    return re.sub(r'nonce="[^"]+"|\d\d:\d\d:\d\d', "", page.text)


def mails(db):
    db.session.rollback()
    return [job.payload for job in db.session.scalars(select(Job).where(Job.kind == "mail"))]


def test_a_visitor_gets_a_reference_a_link_and_a_mail(browser, db):
    ref, key = sent(browser.post("/messages/new", filled()))
    page = browser.get(f"/messages/{ref}/{key}?sent=1")
    assert page.status_code == 200
    assert ref in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    (mail,) = mails(db)
    assert mail["to"] == "julia@moebel.example"
    assert f"/messages/{ref}/{key}" in mail["body"]
    assert TEXT not in mail["body"]


def test_reading_and_sending_begin_no_session(browser):
    for path in ("/messages", "/messages/new", "/messages/call-me"):
        assert "Set-Cookie" not in browser.get(path).headers


def test_without_an_address_or_a_number_nothing_is_sent_and_every_word_stays(browser, db):
    reply = browser.post("/messages/new", filled(email=""))
    assert reply.status_code == 422
    assert "e-mail address or a telephone number" in reply.text
    assert TEXT in reply.text
    assert rows(db) == []


def test_a_lost_form_keeps_every_word_and_can_be_sent_again(browser, db):
    reply = browser.post("/messages/new", filled(shown="gone"))
    assert reply.status_code == 422
    assert TEXT in reply.text
    again = re.search(r'name="shown" type="hidden" value="([^"]+)"', reply.text)
    sent(browser.post("/messages/new", filled(shown=again[1])))
    assert len(rows(db)) == 1


def test_the_same_form_sent_twice_is_one_message(browser, db):
    form = filled(shown=shown_at(name="twice"))
    assert sent(browser.post("/messages/new", form)) == sent(browser.post("/messages/new", form))
    assert len(rows(db)) == 1
    assert len(mails(db)) == 1


def test_other_words_in_the_same_form_are_added(browser, db):
    first = sent(browser.post("/messages/new", filled(shown=shown_at(name="back"))))
    other = filled(shown=shown_at(name="back"), text="And what about Chongqing?")
    assert sent(browser.post("/messages/new", other)) == first
    assert "And what about Chongqing?" in browser.get("/messages/{}/{}".format(*first)).text


def test_a_wrong_key_and_a_missing_message_look_alike(browser):
    message = make_message()
    wrong = browser.get(f"/messages/{message.ref}/wrong")
    missing = browser.get("/messages/MS00000000/wrong")
    assert (wrong.status_code, missing.status_code) == (404, 404)
    assert bare(wrong) == bare(missing)
    assert browser.get(f"/messages/{message.ref}/é%00").status_code == 404


def test_an_unpublished_message_looks_missing_on_the_board(browser):
    message = make_message()
    assert browser.get(f"/messages/{message.ref}").status_code == 404
    assert message.subject not in browser.get("/messages").text


def test_a_writer_adds_with_files_and_the_clock_runs_again(browser, db, as_user):
    ref, key = sent(browser.post("/messages/new", filled()))
    agent = as_user(make_agent())
    agent.post(f"/desk/messages/{ref}/answer", {"text": "Here you are.", "way": "private"})
    assert rows(db)[0].due_at is None
    form = {
        "text": "One more thing.",
        "shown": shown_at(),
        "files": (io.BytesIO(b"%PDF-1.7 x"), "list.pdf"),
    }
    reply = browser.post(f"/messages/{ref}/{key}", form, content_type="multipart/form-data")
    assert reply.status_code == 303, reply.text
    assert rows(db)[0].due_at is not None
    page = browser.get(f"/messages/{ref}/{key}")
    assert "One more thing." in page.text
    (file,) = rows(db, MessageFile)
    download = browser.get(f"/messages/{ref}/{key}/files/{file.ref}")
    assert download.data == b"%PDF-1.7 x"
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.get(f"/messages/{ref}/wrong/files/{file.ref}").status_code == 404


def test_adding_the_same_form_twice_adds_once(browser):
    ref, key = sent(browser.post("/messages/new", filled()))
    form = {"text": "Only once, please.", "shown": shown_at(name="once")}
    for _ in range(2):
        browser.post(f"/messages/{ref}/{key}", form)
    assert browser.get(f"/messages/{ref}/{key}").text.count("Only once, please.") == 1


def test_a_renamed_program_is_refused_and_nothing_is_kept(browser, db):
    form = filled(files=(io.BytesIO(b"MZ" + bytes(400)), "quote.pdf"))
    reply = browser.post("/messages/new", form, content_type="multipart/form-data")
    assert reply.status_code == 422
    assert "quote.pdf" in reply.text
    assert TEXT in reply.text
    assert rows(db) == []


def test_at_most_five_files(browser, db):
    files = [(io.BytesIO(b"words"), f"{n}.txt") for n in range(6)]
    reply = browser.post("/messages/new", filled(files=files), content_type="multipart/form-data")
    assert reply.status_code == 422
    assert rows(db) == []


def test_hostile_words_and_names_are_shown_as_words(browser):
    nasty = '<script>alert(1)</script>"\u202e'
    form = filled(subject=nasty, name=nasty, text=f"{nasty} {TEXT}")
    form["files"] = (io.BytesIO(b"words"), '"><img src=x>.txt')
    ref, key = sent(browser.post("/messages/new", form, content_type="multipart/form-data"))
    page = browser.get(f"/messages/{ref}/{key}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "\u202e" not in page


def test_a_form_from_another_site_is_refused(browser, db):
    reply = browser.post("/messages/new", filled(), headers={"Origin": "https://evil.example"})
    assert reply.status_code == 403
    assert rows(db) == []


def test_what_looks_unwanted_is_put_aside_and_its_sender_does_not_see_it(browser, db):
    ref, key = sent(browser.post("/messages/new", filled(homepage="http://x.example")))
    (row,) = rows(db)
    assert (row.state, row.spam_reasons[0]) == ("spam", "trap")
    assert row.due_at is None
    assert mails(db) == []
    assert browser.get(f"/messages/{ref}/{key}").status_code == 200


def test_too_many_from_one_address_keep_their_words(app, browser, monkeypatch, db):
    monkeypatch.setitem(app.config, "RATE_LIMITS", {"message": "1/hour"})
    sent(browser.post("/messages/new", filled()))
    reply = browser.post("/messages/new", filled(text=f"{TEXT} Another one."))
    assert reply.status_code == 422
    assert "Another one." in reply.text
    assert len(rows(db)) == 1
