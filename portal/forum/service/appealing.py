"""Another look at what a moderator did, by somebody else."""

from typing import Any

from sqlalchemy import Connection, select, update

from portal.accounts.access import User
from portal.core import clock, events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum import elsewhere
from portal.forum.events import AppealAnswered
from portal.forum.models import ForumAct, ForumPost, ForumTopic
from portal.forum.rules import order as rules
from portal.forum.service import unmerging
from portal.forum.service.acts import lift, set_shown, set_state

_ACT, _POST, _TOPIC = (model.__table__ for model in (ForumAct, ForumPost, ForumTopic))


def appeal(act: Any, text: str, by: User, *, on: Connection) -> None:
    """Ask that an act be looked at again, once, by somebody else. Raises Refused otherwise."""
    rules.check_appeal(by.person_id, act.person_id, act.at, clock.now())
    asked = {"appeal": text, "appeal_state": "open", "appealed_at": clock.now()}
    change = update(_ACT).where(_ACT.c.id == act.id, _ACT.c.appeal_state.is_(None))
    if on.execute(change.values(**asked).returning(_ACT.c.id)).first() is None:
        raise Refused(_l("You have asked for another look. Somebody else is going to answer."))


def answer_appeal(act: Any, right: bool, answer: str, by: User, *, on: Connection) -> None:
    """Answer an appeal: keep the act, or turn it back where that can be done.

    Raises Refused for whoever did it himself. Records AppealAnswered, and ActTaken where it is
    turned back.
    """
    if act.by_id == by.person_id:
        raise Refused(_l("Somebody else has to look at what you did yourself."))
    state = "reversed" if right else "kept"
    change = update(_ACT).where(_ACT.c.id == act.id, _ACT.c.appeal_state == "open")
    decided = {"appeal_state": state, "appeal_answer": answer, "appeal_by_id": by.person_id}
    if on.execute(change.values(**decided).returning(_ACT.c.id)).first() is None:
        raise Refused(_l("Somebody has decided about this meanwhile."))
    told = {"ref": act.ref, "person_id": act.person_id, "right": right}
    events.record(AppealAnswered(actor_id=by.person_id, company_id=None, **told), on=on)
    if right:
        _turn_back(act, answer, by, on)


def _turn_back(act: Any, reason: str, by: User, on: Connection) -> None:
    kind = rules.REVERSED_BY.get(act.kind)
    if (turn := elsewhere.turning_of(act.kind)) is not None:
        turn(act, reason, by, on)
    elif act.kind in ("merged", "split", "converted"):
        unmerging.turn_back(act, by, reason=reason, on=on)
    elif kind == "lifted":
        lift(act.person_id, by, reason=reason, on=on)
    elif kind is not None:
        topic = on.execute(select(_TOPIC).where(_TOPIC.c.id == act.topic_id)).one()
        if kind == "unlocked":
            set_state(topic, kind, by, reason=reason, on=on)
        else:
            mine = (_POST.c.topic_id == topic.id, _POST.c.no == act.no)
            post = on.execute(select(_POST).where(*mine)).one()
            set_shown(topic, post, True, by, reason=reason, on=on)
