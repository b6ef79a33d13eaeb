"""Drafts: kept while typed, gone when published, kept again when refused."""

import pytest
from sqlalchemy import func, select, update

from portal.core.db import db, write
from portal.forum.models import ForumDraft, ForumProfile, ForumTopic
from portal.forum.rules import drafts as rules
from portal.forum.service import drafts, writing
from portal.forum.service.writing import Written
from tests.factories import make_colleague, make_company
from tests.forum.making import make_member, make_space, make_topic

_D = ForumDraft.__table__


def kept():
    db.session.commit()
    return {row.about: row.said for row in db.session.execute(select(_D))}


@pytest.fixture
def member(as_user):
    browser = as_user(make_colleague(make_company(), "operations"))
    browser.get("/club")
    write(lambda on: on.execute(update(ForumProfile.__table__).values(trust=1)))
    return browser


@pytest.mark.both_databases
def test_one_draft_a_person_and_place_is_kept_and_leaves_when_published(app):
    author, other = make_member(), make_member()
    space = make_space()
    topic = make_topic(space, other)
    about = f"reply:{topic.ref}"
    for text in ("eins", "zwei"):
        write(lambda on, text=text: drafts.save(about, {"text": text}, author.person_id, on=on))
    write(lambda on: drafts.save(about, {"text": "andere"}, other.person_id, on=on))
    assert db.session.scalar(select(func.count()).select_from(_D)) == 2
    db.session.commit()
    write(lambda on: writing.reply(topic, Written(text="zwei", form_name="n"), author, on=on))
    assert [row.person_id for row in db.session.execute(select(_D))] == [other.person_id]
    db.session.commit()
    late = {"text": "zwei"}
    save = lambda on: drafts.save(about, late, author.person_id, form_name="n", on=on)  # noqa: E731
    assert write(save) is None  # what was typed before it was sent arrives after it
    nothing = {"text": "  ", "reply_to": "3"}
    write(lambda on: drafts.save(about, nothing, other.person_id, on=on))
    assert kept() == {}


def test_drafts_have_an_end(app, monkeypatch):
    monkeypatch.setattr(rules, "MOST", 3)
    author = make_member()
    for number in range(5):
        text = {"text": "x" * 100_000}
        write(lambda on, n=number, t=text: drafts.save(f"begin:s{n}", t, author.person_id, on=on))
    found = kept()
    assert sorted(found) == ["begin:s2", "begin:s3", "begin:s4"]
    assert len(found["begin:s4"]["text"]) == rules.LONGEST


def test_a_draft_is_offered_taken_up_and_thrown_away(member, as_user):
    space, topic = make_space(), make_topic(make_space(), make_member())
    about = f"begin:{space.slug}"
    sent = {"about": about, "title": "Halb <fertig>", "text": "Noch nicht", "tags": "a"}
    saved = member.post("/club/drafts", data=sent).get_json()["draft"]
    assert (
        member.get(f"/club/drafts?about={about}").get_json()["draft"]["said"]["text"]
        == "Noch nicht"
    )
    assert member.get(f"/club/drafts?about=reply:{topic.ref}").get_json()["draft"] is None
    page = member.get("/club/me/drafts").get_data(as_text=True)
    assert "Noch nicht" in page
    assert "Halb &lt;fertig&gt;" in page
    way = f"/club/s/{space.slug}/new?draft={saved['ref']}"
    assert way in page
    assert "Noch nicht" in member.get(way).get_data(as_text=True)
    assert member.get(f"/club/t/{topic.ref}?draft={saved['ref']}").status_code == 404
    stranger = as_user(make_colleague(make_company(), "owner"))
    assert stranger.get(way).status_code == 404
    assert stranger.post(f"/club/me/drafts/{saved['ref']}/delete").status_code == 404
    assert stranger.get(f"/club/drafts?about={about}").get_json()["draft"] is None
    assert member.post(f"/club/me/drafts/{saved['ref']}/delete").status_code == 303
    assert kept() == {}


@pytest.mark.parametrize("about", ["", "reply:../x", "begin:", "edit:1; drop", "other:TPX"])
def test_a_draft_of_no_place_is_refused(member, about):
    assert member.post("/club/drafts", data={"about": about, "text": "x"}).status_code == 422


def test_what_is_refused_is_a_draft_with_the_reason(member):
    topic = make_topic(make_space(), make_member())
    write(lambda on: on.execute(update(ForumTopic.__table__).values(state="locked")))
    answer = member.post(f"/club/t/{topic.ref}", data={"text": "Zu spät", "form_name": "z"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Zu spät" in page
    assert "/club/me/drafts" in page
    row = db.session.execute(select(_D)).one()
    assert (row.about, row.said["text"]) == (f"reply:{topic.ref}", "Zu spät")
    assert row.refused
    listed = member.get("/club/me/drafts").get_data(as_text=True)
    assert str(row.refused) in listed


def test_a_draft_stays_to_be_copied_where_its_place_is_closed_to_him(member):
    topic = make_topic(make_space(readers=["agent"]), make_member())
    member.post("/club/drafts", data={"about": f"reply:{topic.ref}", "text": "Mein Text"})
    page = member.get("/club/me/drafts").get_data(as_text=True)
    assert "Mein Text" in page
    assert topic.title not in page
