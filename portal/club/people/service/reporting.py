"""Reports against cards: decided by moderators, who take a card down or let it stand."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.club.people.models import ClubCard, ClubCardReport
from portal.club.people.service import listing
from portal.core import clock
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.rules.order import REASONS
from portal.forum.service.acts import Deed, note

OUTCOMES = ("agreed", "disagreed", "ignored")
_CARD, _R = ClubCard.__table__, ClubCardReport.__table__


def report(person_id: int, by: User, *, reason: str, text: str | None, on: Connection) -> None:
    """Report the card of somebody; again only after the last report was decided.

    Raises Refused for one's own, and for a second report that waits.
    """
    if reason not in REASONS:
        raise Refused(_l("Say what is wrong with it."))
    if person_id == by.person_id:
        raise Refused(_l("This is your own card. Change it instead."))
    mine = (_R.c.person_id == person_id, _R.c.by_id == by.person_id)
    said = {"reason": reason, "note": text, "state": "open", "at": clock.now()}
    known = on.scalar(select(_R.c.state).where(*mine))
    if known == "open":
        raise Refused(_l("You have reported this card. A moderator looks at it."))
    if known is None:
        who = {"ref": new_ref("CR"), "person_id": person_id, "by_id": by.person_id}
        on.execute(insert(_R).values(**who, **said))
    else:
        on.execute(update(_R).where(*mine).values(**said, decided_by_id=None, decided_at=None))


def decide(found: Any, outcome: str, by: User, *, reason: str | None, on: Connection) -> None:
    """Agree with a report (the card is taken down), disagree with it, or ignore it.

    Raises Refused where somebody has decided meanwhile, and for one's own card. Records ActTaken.
    """
    if outcome not in OUTCOMES or (outcome == "agreed" and reason is None):
        raise Refused(_l("Say why: its author reads it."))
    if found.person_id == by.person_id:
        raise Refused(_l("Somebody else has to look at your own card."))
    change = update(_R).where(_R.c.id == found.id, _R.c.state == "open")
    decided = {"state": outcome, "decided_by_id": by.person_id, "decided_at": clock.now()}
    if on.execute(change.values(**decided).returning(_R.c.id)).first() is None:
        raise Refused(_l("Somebody has decided about this meanwhile."))
    if outcome == "agreed":
        _bar(found.person_id, True, on)
        note(Deed(kind="card_removed", person_id=found.person_id, reason=reason), by, on=on)


def show_again(act: Any, reason: str, by: User, on: Connection) -> None:
    """Let a card stand again, as an appeal asked. Records ActTaken."""
    _bar(act.person_id, False, on)
    note(Deed(kind="card_shown", person_id=act.person_id, reason=reason), by, on=on)


def _bar(person_id: int, barred: bool, on: Connection) -> None:
    mine = _CARD.c.person_id == person_id
    on.execute(update(_CARD).where(mine).values(is_barred=barred))
    listing.renew(person_id, on=on)
