"""What somebody may do with an order now, and doing it from a form."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core.db import write
from portal.core.errors import Forbidden, PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.warehousing.ledger.service.commands import MAX_KEY, Command, once
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.service import changing, states
from portal.warehousing.outbound.shown.entering import asker

MOST_NOTE = 500  # characters
#: Statuses from which goods that were taken have to be put back.
PICKED = (rules.PICKING, rules.PICKED, rules.CHECKED, rules.PACKED, rules.STAGED)


@dataclass(frozen=True)
class Possible:
    """What may be done with an order by who looks at it."""

    place: bool = False
    change: bool = False
    redirect: bool = False
    cancel: bool = False
    #: Goods were picked already: a task puts them back.
    restocks: bool = False
    hold: bool = False
    resume: bool = False
    send_now: bool = False
    allocate: bool = False
    take_out: bool = False
    #: A slot at a dock may be chosen: the goods are fetched.
    fetch: bool = False


def possible(order: Any, lines: Sequence[Any], user: User) -> Possible:
    """Return what ``user`` may do with an order as it stands."""
    status, is_staff = order.status, user.company_id is None
    waits_in_wave = order.wave_id is not None and status in rules.BEFORE_PICKING
    take_out = waits_in_wave and is_staff and user.may("warehouse.supervise")
    if not user.may("warehouse.orders" if is_staff else "outbound.manage"):
        return Possible(take_out=take_out)
    waits = status == rules.BACKORDERED
    return Possible(
        place=status == rules.DRAFT,
        change=status in rules.CHANGEABLE,
        redirect=status in rules.REDIRECTABLE,
        cancel=status in rules.CANCELLABLE,
        restocks=status in PICKED and any(line.picked > 0 for line in lines),
        hold=status in rules.BEFORE_PICKING,
        resume=status == rules.ON_HOLD and may_resume(order, user),
        send_now=waits and any(line.allocated > 0 for line in lines),
        allocate=is_staff and waits,
        take_out=take_out,
        fetch=status in rules.OPEN,
    )


def may_resume(order: Any, user: User) -> bool:
    """Return whether ``user`` may let an order go on: what the centre holds, it alone frees."""
    if user.company_id is not None:
        return bool(order.hold_reason == "owner")
    return order.hold_reason != "quality" or user.may("warehouse.hold")


def let_go_on(order: Any, user: User, *, note: str | None = None, on: Connection) -> Any:
    """Let an order go on that is on hold; judged by the row as it is once it is locked.

    Raises Forbidden for who did not hold it and may not free it, and as ``changing.resume``.
    """
    order = locked(order, on)
    if order.status == rules.ON_HOLD and not may_resume(order, user):
        if user.company_id is not None:
            raise Forbidden(_l("The centre holds this order. Ask the centre to let it go on."))
        raise Forbidden(_l("Quality holds this order, and alone lets it go on."))
    return changing.resume(order, by=user.person_id, note=note, on=on)


def locked(order: Any, on: Connection) -> Any:
    """Return the order as it is now, locked."""
    return states.locked(order.id, order.company_id, on=on)


def note() -> str | None:
    """Return the words that somebody wrote beside what he did; None: none."""
    text = " ".join(request.form.get("note", "").split())
    kept = "".join(c for c in text if c.isprintable() and not "\ud800" <= c <= "\udfff")
    return kept[:MOST_NOTE] or None


def done(
    order: Any, name: str, work: Callable[[Connection], Any], *, back: str, said: str = ""
) -> Response:
    """Do something with an order once; show its page, with what became of it or was refused."""
    key = (request.form.get("once") or secrets.token_urlsafe(16))[:MAX_KEY]
    given = {k: v for k, v in request.form.items() if k not in ("csrf_token", "once")}
    command = Command(key, name, {"ref": order.ref, **given})
    user = asker()

    def answer(on: Connection) -> dict[str, Any]:
        row = work(on)
        return {"ref": row.ref, "status": row.status}

    try:
        outcome = write(lambda on: once(command, user, answer, on=on))
    except Forbidden:
        raise
    except PortalError as error:
        flash(str(error), "bad")
    else:
        status = str(rules.STATUSES[outcome["status"]])
        flash(said or _("%(ref)s is now: %(status)s.", ref=order.ref, status=status))
    return redirect(url_for(back, ref=order.ref))
