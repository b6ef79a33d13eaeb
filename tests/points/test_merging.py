"""What was earned for a company that becomes a part of another counts there on boards."""

import pytest
from sqlalchemy import select

from portal.club.points.models import PointStanding
from portal.club.points.service import ledger
from portal.core.db import db, write
from tests.factories import make_colleague, make_company, user_of
from tests.points.test_ledger import entry_of
from tests.register.made import make_staff, merge, undo

pytestmark = pytest.mark.both_databases


def earn(user, cause):
    args = ("notice", user.person_id, user.company_id, cause)
    write(lambda on: ledger.earn(*args, on=on))


def on_board():
    db.session.rollback()
    shown = (PointStanding.kind == "company", PointStanding.period == "all")
    wanted = select(PointStanding.subject_id, PointStanding.points).where(*shown)
    return {row[0]: row[1] for row in db.session.execute(wanted) if row[1]}


def test_points_go_along_and_come_back(app):
    staff, kept, gone = make_staff(), make_company(), make_company()
    one, other = user_of(make_colleague(kept), kept), user_of(make_colleague(gone), gone)
    db.session.rollback()
    earn(one, "inbound:1"), earn(other, "inbound:1")
    earn(other, "inbound:2")
    made = merge(gone, kept, staff)
    assert on_board() == {kept.id: 24}
    lost = entry_of(other, "notice", "inbound:2")
    write(lambda on: ledger.reverse(lost.id, None, None, on))
    assert on_board() == {kept.id: 16}  # taken from the company that it counts for now
    undone = entry_of(other, "reversed", f"entry:{lost.id}")
    write(lambda on: ledger.reverse(undone.id, None, None, on))
    undo(made, staff)
    assert on_board() == {kept.id: 8, gone.id: 16}
