"""“Call me at …”: a day and a window in the caller's own time zone, within our working hours."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, redirect, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from portal.core import clock, i18n, limits, tokens, working
from portal.core.db import AnyRow, db, transaction
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.enquiries.forms import CallForm
from portal.enquiries.service import calling
from portal.enquiries.service.calling import Wish
from portal.enquiries.service.receiving import Origin
from portal.enquiries.shown import sending
from portal.enquiries.shown.hours import week
from portal.enquiries.shown.sending import page
from portal.enquiries.views.blueprint import bp

USUAL = timedelta(hours=2)  # the window that is proposed
PURPOSE = "call-back asked for"


@bp.route("/call-me", methods=["GET", "POST"])
def call_me() -> Answer:
    """Take a request to be called."""
    form = CallForm(_posted(), **({} if request.method == "POST" else _begun()))
    offer = None
    if request.method == "POST":
        done, offer = _asked(form)
        if done is not None:
            return done
    form.show_trap()
    return page(
        "enquiries/call.html",
        422 if request.method == "POST" else 200,
        form=form,
        offer=offer,
        week=week(),
        centre_zone=clock.zone().key,
    )


def _posted() -> MultiDict[str, str] | None:
    """Return what was sent; the key of the offered time puts that in place of the wish."""
    if request.method != "POST":
        return None
    sent = MultiDict(request.form)
    offered = request.form.get("nearest", "").split()
    if len(offered) == 3:
        sent["day"], sent["begin"], sent["end"] = offered
    return sent


def _begun() -> dict[str, Any]:
    """Return a day and a window that can be kept: the next when people are at work."""
    begin = _rounded(working.hours().next_open(clock.now() + timedelta(hours=1)))
    zone = i18n.zone()
    local, end = begin.astimezone(zone), (begin + USUAL).astimezone(zone)
    return {
        "day": local.date(),
        "begin": local.time(),
        "end": end.time(),
        "timezone": zone.key,
        "about": request.args.get("about", "")[:500],
    }


def _rounded(at: datetime) -> datetime:
    """Return the next half hour."""
    past = timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
    return at - past + timedelta(minutes=30) if past else at


def _asked(form: CallForm) -> tuple[Answer | None, Any]:
    """Keep the request; else return None and the nearest time that could be kept, if asked for."""
    good = form.validate()
    if form.first_shown() is None:
        form.form_errors.append(str(sending.AGAIN))
        return None, None
    if not good:
        return None, None
    if (offer := _nearest(form)) is not None:
        form.begin.errors = [_("Nobody is at work here then.")]
        return None, offer
    try:
        limits.spend("call_back")
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return None, None
    return _kept(form), None


def _nearest(form: CallForm) -> dict[str, Any] | None:
    """Return the nearest window in which people are at work; None: they are in the one wished."""
    hours = working.hours()
    begin, end = form.window()
    begin = max(begin, clock.now())
    if hours.elapsed(begin, end) >= timedelta(minutes=30):
        return None
    start = hours.next_open(begin)
    zone = ZoneInfo(form.timezone.data)
    local, until = start.astimezone(zone), (start + USUAL).astimezone(zone)
    return {"day": local.date(), "begin": local.time(), "end": until.time(), "at": start}


def _kept(form: CallForm) -> Answer:
    begin, end = form.window()
    begin = working.hours().next_open(max(begin, clock.now()))
    origin, _name = sending.weighed(form, form.about.data, (form.name.data, form.company_name.data))
    wish = Wish(
        name=form.name.data,
        company_name=form.company_name.data or None,
        phone=form.phone.data,
        email=form.email.data or None,
        about=form.about.data,
        locale=sending.language(),
        timezone=form.timezone.data,
        window_from=begin,
        window_to=end,
    )
    row = _once(wish, origin)
    said = [row.ref, row.timezone, row.window_from.isoformat(), row.window_to.isoformat()]
    return redirect(url_for(".called", asked=tokens.signed(said, PURPOSE)), 303)


def _once(wish: Wish, origin: Origin) -> AnyRow:
    try:
        with transaction():
            return calling.request(wish, origin, on=db.session.connection())
    except IntegrityError:  # the same form, sent twice at the same moment: the other one is there
        with transaction():
            return calling.request(wish, origin, on=db.session.connection())


@bp.get("/call-me/done")
def called() -> Response | Answer:
    """Say when we shall call, in the caller's zone and in ours."""
    said = tokens.read_signed(request.args.get("asked", ""), PURPOSE)
    if not said:
        return redirect(url_for(".call_me"))
    ref, zone, begin, end = said
    return page(
        "enquiries/called.html",
        is_secret=True,
        ref=ref,
        own=Seen.of(begin, end, zone),
        ours=Seen.of(begin, end, clock.zone().key),
    )


class Seen:
    """A window as the clock of a zone shows it: day, begin, end and the zone's name."""

    def __init__(self, begin: datetime, end: datetime, zone: str) -> None:
        self.begin, self.end = (at.astimezone(ZoneInfo(zone)) for at in (begin, end))
        self.zone = zone.replace("_", " ")

    @classmethod
    def of(cls, begin: str, end: str, zone: str) -> "Seen":
        """Return the window of two instants in ISO 8601."""
        return cls(datetime.fromisoformat(begin), datetime.fromisoformat(end), zone)

    @property
    def day(self) -> str:
        """The date."""
        return f"{self.begin:%Y-%m-%d}"

    @property
    def hours(self) -> str:
        """From when to when."""
        return f"{self.begin:%H:%M}–{self.end:%H:%M}"
