"""Choosing when and at which dock an order is fetched, for its owner and at the desk."""

import secrets
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection

from portal.accounts.forms import Answer
from portal.core.db import write
from portal.core.errors import FieldError, Invalid, PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import instant
from portal.core.i18n import lazy as _l
from portal.warehousing.ledger.service.commands import MAX_KEY, Command, once
from portal.warehousing.outbound.queries.visible import order_for
from portal.warehousing.outbound.service import pickups
from portal.warehousing.outbound.shown import words
from portal.warehousing.outbound.shown.entering import asker
from portal.warehousing.sites.queries import bookings_of
from portal.warehousing.sites.shown import slots_for_form


def booked(order: Any) -> Any:
    """Return the latest slot of an order (columns of the booking, ``dock``); None: it has none."""
    found = bookings_of([order.ref], order.company_id).get(order.ref, [])
    return max(found, key=lambda booking: booking.starts_at, default=None)


def is_fetched(order: Any) -> bool:
    """Return whether the owner fetches the goods himself: it goes to the warehouse's address."""
    there = order.warehouse_party
    place = (there.get("address"), there.get("city"))
    return place == (order.consignee_address, order.consignee_city)


def answer(ref: str, at: str) -> Answer:
    """Show the free slots, book the one that was chosen, or give it back.

    ``at`` is the part of the site from which it is asked. Raises NotFound as ``order_for``,
    Refused where an order is not to be fetched.
    """
    order = order_for(asker(), ref)
    pickups.check(order)
    if request.method == "GET":
        return _page(order, at)
    chosen, gives_up = request.form.get("slot", ""), request.form.get("do") == "give_up"
    try:
        told = write(lambda on: _done(order, chosen, gives_up=gives_up, on=on))
    except PortalError as error:
        return _page(order, at, chosen, str(error)), 422
    if gives_up:
        flash(_("The slot is given back."))
    else:
        when = instant(datetime.fromisoformat(told["at"]))
        flash(_("Dock %(dock)s is yours at %(when)s.", dock=told["dock"], when=when))
    return redirect(url_for(f"{at}.detail", ref=ref))


def _done(order: Any, chosen: str, *, gives_up: bool, on: Connection) -> dict[str, Any]:
    """Do what the form says, once however often it is sent."""
    user, key = asker(), (request.form.get("once") or secrets.token_urlsafe(16))[:MAX_KEY]
    said = {"ref": order.ref, "slot": chosen, "gives_up": gives_up}

    def work(on: Connection) -> dict[str, Any]:
        if gives_up:
            pickups.give_up(order.ref, by=user.person_id, on=on)
            return {}
        if not chosen:
            message = _l("Choose one of the slots.")
            raise Invalid(message, [FieldError("slot", message)])
        booking = pickups.schedule(order.ref, chosen, by=user.person_id, on=on)
        mine = bookings_of([order.ref], order.company_id, on)[order.ref]
        dock = next(each.dock for each in mine if each.id == booking.id)
        return {"at": booking.starts_at.isoformat(), "dock": dock}

    return once(Command(key, "outbound.slot", said), user, work, on=on)


def _page(order: Any, at: str, chosen: str = "", error: str = "") -> str:
    errors = [error] if error else []
    return render_template(
        "warehousing/outbound/slot.html",
        order=order,
        at=at,
        now_booked=booked(order),
        slots=slots_for_form(order.warehouse_id, pickups.KIND, chosen=chosen, errors=errors),
        once=secrets.token_urlsafe(12),
        words=words,
    )
