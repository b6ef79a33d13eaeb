"""Writing between two people: one talk a pair, exact counts, blocks, trust, races, reports."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from portal.club.direct.models import DirectMessage, DirectTalk
from portal.club.direct.queries import messages, talks
from portal.club.direct.service import reporting, talking
from portal.core.db import db, end_reading, write
from portal.core.errors import NotFound, Refused, TooMany
from portal.core.events import EventRecord
from portal.forum.queries import order
from portal.forum.service import acts, appealing, blocking
from tests.direct.making import message_of, report_of, send, side_of
from tests.forum.making import make_member
from tests.rooms.making import make_staff

pytestmark = pytest.mark.both_databases
UNDELIVERABLE = "This message cannot be delivered."


def test_two_people_have_one_talk_whoever_begins_and_counts_are_exact(app):
    li, wang = make_member(), make_member()
    first = send(li, wang)
    second = send(wang, li, trust=0)  # whoever is new may answer
    third = send(li, wang)
    assert first.ref == second.ref == third.ref
    assert [first.no, second.no, third.no] == [1, 2, 3]
    assert (talks.unread_for(li), talks.unread_for(wang)) == (1, 2)
    talk = talks.talk_for(wang, first.ref)
    end_reading()
    write(lambda on: talking.mark(talk.id, 1, wang, on=on))
    assert talks.unread_for(wang) == 1
    end_reading()
    write(lambda on: talking.mark(talk.id, 99, wang, on=on))  # as far as there is
    assert (side_of(first, wang).read_no, side_of(first, wang).unread) == (3, 0)
    assert talks.talk_for(li, first.ref).their_no == 3


def test_the_same_form_sent_twice_is_one_message(app):
    li, wang = make_member(), make_member()
    once = send(li, wang, form_name="f1")
    assert send(li, wang, form_name="f1") == once
    assert send(wang, li, form_name="f1") != once  # a name is its sender's own
    assert side_of(once, wang).unread == 1


def test_trust_says_how_many_talks_one_begins_and_whoever_is_new_begins_none(app):
    li = make_member()
    with pytest.raises(Refused, match="writing first takes the trust"):
        send(li, make_member(), trust=0)
    for _ in range(3):
        send(li, make_member(), trust=1)
    with pytest.raises(TooMany):
        send(li, make_member(), trust=1)
    assert send(make_staff(), li, trust=0).no == 1  # the centre's people may


def test_blocked_suspended_and_gone_are_told_the_same_and_nothing_more(app):
    li, wang, moderator = make_member(), make_member(), make_staff()
    begun = send(li, wang)
    end_reading()
    write(lambda on: blocking.block(wang, li.person_id, on=on))
    with pytest.raises(Refused) as refused:
        send(li, wang)
    assert str(refused.value) == UNDELIVERABLE
    with pytest.raises(Refused, match="You have blocked this person"):
        send(wang, li)
    end_reading()
    write(lambda on: blocking.unblock(wang, li.person_id, on=on))
    until = message_of(begun).created_at.replace(year=2027)
    end_reading()
    whom = (wang.person_id, "suspension", until, moderator)
    write(lambda on: acts.sanction(*whom, reason="Spam", on=on))
    with pytest.raises(Refused) as refused:
        send(li, wang)
    assert str(refused.value) == UNDELIVERABLE
    with pytest.raises(Refused, match="Nobody writes to himself"):
        send(li, li)
    assert side_of(begun, wang).last_no == 1


def test_what_one_deletes_stays_with_the_other_and_does_not_come_back(app):
    li, wang = make_member(), make_member()
    first, _second = send(li, wang, "一"), send(li, wang, "二")
    row = talks.talk_for(wang, first.ref)
    gone = message_of(first)
    end_reading()
    write(lambda on: talking.forget_one(gone, wang, on=on))
    assert [m.text for m in messages.before(wang, row).messages] == ["二"]
    assert [m.text for m in messages.before(li, row).messages] == ["一", "二"]
    end_reading()
    write(lambda on: talking.forget(row.id, wang, on=on))
    assert talks.talks_for(wang).items == []
    assert talks.unread_for(wang) == 0
    send(li, wang, "三")
    row = talks.talk_for(wang, first.ref)
    assert [m.text for m in messages.before(wang, row).messages] == ["三"]
    assert (talks.unread_for(wang), len(talks.talks_for(li).items)) == (1, 1)


def together(work: Callable[[int], object], app, number: int) -> list[object]:
    def one(index: int) -> object:
        with app.app_context():
            try:
                return work(index)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_both_begin_at_once_and_have_one_talk(app):
    li, wang = make_member(), make_member()
    db.session.remove()
    pairs = ((li, wang), (wang, li))
    sent = together(lambda index: send(*pairs[index % 2], f"{index}"), app, 8)
    assert len({each.ref for each in sent}) == 1
    assert sorted(each.no for each in sent) == list(range(1, 9))
    assert db.session.scalar(select(func.count()).select_from(DirectTalk)) == 1
    assert db.session.scalar(select(func.count()).select_from(DirectMessage)) == 8
    assert [side_of(sent[0], each).unread for each in (li, wang)] == [4, 4]


def report(sent, by, reason="rude"):
    message = message_of(sent)
    end_reading()
    write(lambda on: reporting.report(message, by, reason=reason, text=None, on=on))
    return report_of(sent)


def test_a_report_shows_a_moderator_the_message_and_three_around_it_until_it_is_decided(app):
    li, wang, moderator = make_member(), make_member(), make_staff()
    sent = [send(li, wang, f"第 {number} 句") for number in range(1, 12)]
    with pytest.raises(Refused, match="your own"):
        report(sent[5], li)
    ref = report(sent[5], wang)
    with pytest.raises(Refused, match="You have reported"):
        report(sent[5], wang)
    for somebody in (li, wang, make_member()):
        with pytest.raises(NotFound):
            messages.report_for(somebody, ref)
        assert messages.reports_for(somebody) == []
    found = messages.report_for(moderator, ref)
    assert [m.no for m in messages.around(found)] == [3, 4, 5, 6, 7, 8, 9]
    with pytest.raises(NotFound):
        talks.talk_for(moderator, sent[0].ref)
    end_reading()
    write(lambda on: reporting.decide(found, "agreed", moderator, answer="Rude", on=on))
    with pytest.raises(NotFound):
        messages.report_for(moderator, ref)
    end_reading()
    with pytest.raises(Refused, match="decided about this meanwhile"):
        write(lambda on: reporting.decide(found, "ignored", moderator, answer="x", on=on))
    shown = messages.message_for(wang, talks.talk_for(wang, sent[0].ref), 6)
    assert (shown.html, shown.report_state, shown.report_answer) == ("", "agreed", "Rude")
    act = order.acts_for(li, own=True).items[0]
    assert (act.kind, act.reason) == ("direct_removed", "Rude")
    assert "第" not in str(act.details)
    end_reading()
    write(lambda on: appealing.appeal(act, "It was a joke", li, on=on))
    judge = make_staff()
    asked = order.act_for(judge, act.ref)
    end_reading()
    write(lambda on: appealing.answer_appeal(asked, True, "So it was", judge, on=on))
    talk = talks.talk_for(wang, sent[0].ref)
    assert "第 6 句" in messages.message_for(wang, talk, 6).html


def test_nobody_decides_about_what_he_wrote_or_received_himself(app):
    li, moderator = make_member(), make_staff()
    ref = report(send(moderator, li), li)
    with pytest.raises(NotFound):
        messages.report_for(moderator, ref)
    assert messages.reports_for(moderator) == []
    assert [row.ref for row in messages.reports_for(make_staff())] == [ref]


def test_the_log_holds_numbers_and_never_a_word(app):
    li, wang = make_member(), make_member()
    report(send(li, wang, "绝密报价 88 元"), wang)
    written = db.session.scalars(select(EventRecord)).all()
    assert "club.message_written" in {each.name for each in written}
    assert not any("绝密" in str(each.payload) for each in written)
