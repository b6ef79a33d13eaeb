"""Rewards: made and edited at the desk, ordered for points, decided about, handed over.

Lock order: the account of who ordered, the reward, the order.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.club.points.events import RewardEdited, RewardMoved, RewardOrdered
from portal.club.points.models import Reward, RewardOrder
from portal.club.points.rules import rewards as rules
from portal.club.points.service import booking, ledger
from portal.core import clock, events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

_REWARD, _ORDER = Reward.__table__, RewardOrder.__table__


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a reward is, checked in shape. ``stock`` and ``per_person`` None: without limit."""

    kind: str
    names: dict[str, str]
    abouts: dict[str, str]
    cost: int
    stock: int | None
    per_person: int | None
    needs_approval: bool
    is_shown: bool
    picture: str | None = None


def make(said: Said, by: User, *, on: Connection) -> str:
    """Put a reward into the catalogue; return its reference. Records RewardEdited."""
    row = {**said.__dict__, "ref": new_ref("RW"), "version": 1, "created_at": clock.now()}
    on.execute(insert(_REWARD).values(**row))
    _tell_edited(str(row["ref"]), 1, by, on)
    return str(row["ref"])


def edit(
    reward_id: int, said: Said, by: User, *, base: int, shown_stock: int | None, on: Connection
) -> None:
    """Let a reward say something else. ``base`` and ``shown_stock`` are what the editor saw.

    The stock changes by what was changed in the form: pieces ordered meanwhile stay ordered.
    Raises Refused where somebody edited it meanwhile, or fewer are left. Records RewardEdited.
    """
    values = {name: value for name, value in said.__dict__.items() if name != "stock"}
    now = on.execute(select(_REWARD).where(_REWARD.c.id == reward_id).with_for_update()).one()
    if now.version != base:
        raise Refused(_l("Somebody has edited this reward meanwhile. Look at it and edit again."))
    stock = said.stock
    if None not in (stock, now.stock, shown_stock):
        stock = now.stock + said.stock - shown_stock
        if stock < 0:
            raise Refused(_l("Meanwhile only %(left)s are left. Look at it again.", left=now.stock))
    mine = update(_REWARD).where(_REWARD.c.id == reward_id)
    on.execute(mine.values(**values, stock=stock, version=base + 1))
    _tell_edited(now.ref, base + 1, by, on)


def _tell_edited(ref: str, version: int, by: User, on: Connection) -> None:
    told = RewardEdited(actor_id=by.person_id, company_id=None, ref=ref, version=version)
    events.record(told, on=on)


def order(reward_id: int, by: User, form_name: str, *, cost: int, on: Connection) -> Any:
    """Order one piece for points; return the order's row, the same one for the same form.

    ``cost``: what the buyer has read. Raises Refused where it is sold out, costs something else
    now, is not offered any more, or he has had his share or not enough points.
    Records RewardOrdered.
    """
    booking.locked(by.person_id, on)
    sent = select(_ORDER).where(_ORDER.c.form_name == form_name)
    before = on.execute(sent).first()
    if before is not None:
        return _own(before, by)
    reward = on.execute(select(_REWARD).where(_REWARD.c.id == reward_id).with_for_update()).one()
    _check(reward, cost)
    rules.check_limit(reward.per_person, _had(reward_id, by.person_id, on))
    ref = new_ref("RO")
    entry_id = ledger.spend("spent_reward", by.person_id, reward.cost, f"order:{ref}", on=on)
    _change_stock(reward_id, -1, on)
    row = {
        "ref": ref,
        "reward_id": reward_id,
        "person_id": by.person_id,
        "company_name": by.company_name,
        "points": reward.cost,
        "entry_id": entry_id,
        "state": "open" if reward.needs_approval else "ready",
        "form_name": form_name,
        "created_at": clock.now(),
    }
    made = on.execute(insert(_ORDER).values(**row).returning(_ORDER)).one()
    told = {"ref": ref, "person_id": by.person_id, "state": made.state}
    events.record(RewardOrdered(actor_id=by.person_id, company_id=by.company_id, **told), on=on)
    return made


def _own(before: Any, by: User) -> Any:
    if before.person_id != by.person_id:
        raise Refused(_l("This form was sent before. Open the reward again."))
    return before


def _check(reward: Any, cost: int) -> None:
    if not reward.is_shown:
        raise Refused(_l("This reward is not offered any more."))
    if reward.cost != cost:
        raise Refused(_l("It costs %(cost)s points now. Look at it again.", cost=reward.cost))
    if reward.stock == 0:
        raise Refused(_l("The last one is gone. Choose another reward."))


def _had(reward_id: int, person_id: int, on: Connection) -> int:
    mine = (_ORDER.c.reward_id == reward_id, _ORDER.c.person_id == person_id)
    counted = select(func.count()).where(*mine, _ORDER.c.state.in_(rules.COUNTED))
    return int(on.scalar(counted) or 0)


def _change_stock(reward_id: int, by: int, on: Connection) -> None:
    limited = update(_REWARD).where(_REWARD.c.id == reward_id, _REWARD.c.stock.is_not(None))
    on.execute(limited.values(stock=_REWARD.c.stock + by))


def act(row: Any, kind: str, by: User, *, reason: str | None = None, on: Connection) -> None:
    """Do with an order what ``kind`` says (rules.rewards.ACTS); refused ones give points back.

    Raises Refused where it is not in a state for it any more, or a refusal has no reason.
    Records RewardMoved.
    """
    states, to = rules.ACTS[kind]
    if kind == "refuse" and not reason:
        raise Refused(_l("Say why: who ordered it reads it."))
    booking.locked(row.person_id, on)
    mine = update(_ORDER).where(_ORDER.c.id == row.id, _ORDER.c.state.in_(states))
    moved = mine.values(state=to, **_who(kind, by, reason)).returning(_ORDER)
    now = on.execute(moved).first()
    if now is None:
        raise Refused(_l("Somebody has decided about this order meanwhile."))
    if kind in rules.GIVES_BACK:
        ledger.reverse(now.entry_id, reason, by.person_id, on)
        _change_stock(now.reward_id, 1, on)
    told = {"ref": now.ref, "person_id": now.person_id, "state": to}
    events.record(RewardMoved(actor_id=by.person_id, company_id=None, **told), on=on)


def _who(kind: str, by: User, reason: str | None) -> dict[str, Any]:
    if kind == "hand":
        return {"handed_by_id": by.person_id, "handed_at": clock.now()}
    return {"decided_by_id": by.person_id, "decided_at": clock.now(), "reason": reason}
