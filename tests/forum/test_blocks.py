"""Whoever wants to hear nothing from somebody says so, and takes it back."""

import pytest

from portal.core.db import write
from portal.core.errors import Refused
from portal.forum.queries import blocks
from portal.forum.service import blocking
from tests.forum.making import make_member

pytestmark = pytest.mark.both_databases


def test_a_block_holds_until_it_is_taken_back(app):
    user, other = make_member(), make_member()
    for _ in range(2):  # twice is once
        write(lambda on: blocking.block(user, other.person_id, on=on))
    assert blocks.blocked_by(user) == {other.person_id}
    assert blocks.blocked_by(other) == frozenset()
    write(lambda on: blocking.unblock(user, other.person_id, on=on))
    assert blocks.blocked_by(user) == frozenset()


def test_nobody_blocks_himself(app):
    me = make_member()
    with pytest.raises(Refused):
        write(lambda on: blocking.block(me, me.person_id, on=on))
