"""What somebody who means ill tries in rooms and hours, and does not get."""

from datetime import timedelta

import pytest

from portal.club.rooms.service import questions
from portal.core import clock
from portal.core.db import end_reading, write
from portal.forum.service import acts
from tests.forum.making import make_member
from tests.rooms.making import make_hour, make_room, make_staff, question_of, say

HUGE = "9" * 30


@pytest.mark.parametrize(
    "way", ["?at={}", "?before={}", "?before=-{}", "/behind?no={}", "/{}/part"]
)
def test_a_number_that_no_message_can_have_is_no_fault_of_ours(as_user, way):
    member, room = make_member(), make_room()
    say(room, member)
    answer = as_user(member).get(f"/club/rooms/{room.slug}{way.format(HUGE)}")
    assert answer.status_code in (200, 404)


def test_who_is_silenced_has_no_vote_in_a_question_hour(as_user):
    member, host = make_member(), make_staff("agent")
    hour = make_hour(host)
    asker = make_member()
    end_reading()
    no = write(lambda on: questions.ask(hour, "晚点两小时还能收吗？", asker, form_name=None, on=on))
    end_reading()
    until = clock.now() + timedelta(days=2)
    write(lambda on: acts.sanction(member.person_id, "silence", until, host, reason="x", on=on))
    answer = as_user(member).post(f"/club/rooms/hours/{hour.ref}/{no}/vote")
    assert answer.status_code == 409
    assert question_of(hour, no).votes == 0
