"""Question hours at the desk: planned, moved, cancelled."""

import secrets
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.club.rooms.desk.blueprint import bp
from portal.club.rooms.forms import HourForm
from portal.club.rooms.queries import hours as queries
from portal.club.rooms.service import hours as service
from portal.club.rooms.service.hours import Plan
from portal.core import i18n
from portal.core.db import write
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.forum.views.blueprint import reader

Page = str | tuple[str, int] | Answer
USUAL_SPACE = "centre"


@bp.route("/hours/new", methods=["GET", "POST"])
def new_hour() -> Page:
    """Plan an hour."""
    form = _offered(HourForm(request.form, form_name=secrets.token_hex(16)))
    if request.method == "GET":
        form.hosts.data = [reader().person_id]
        form.space.data = next((s.id for s in queries.spaces() if s.slug == USUAL_SPACE), None)
    elif form.validate() and (ref := _planned(form)) is not None:
        flash(_("The hour is planned; members can sign up."), "good")
        return redirect(url_for(".hour", ref=ref), 303)
    return _page(form, None)


def _page(form: HourForm, hour: Any) -> Page:
    values = {"form": form, "hour": hour, "zone": i18n.zone().key}
    page = render_template("club/rooms/desk/plan.html", **values)
    return (page, 422) if request.method == "POST" else page


def _planned(form: HourForm) -> str | None:
    user, wanted, name = reader(), _plan(form), form.form_name.data or None
    try:
        return write(lambda on: service.plan(wanted, user, form_name=name, on=on))
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return None


def _offered(form: HourForm) -> HourForm:
    """Offer who may answer, and where hours are kept."""
    form.hosts.choices = [(row.id, row.name) for row in queries.possible_hosts()]
    tag = i18n.tag()
    form.space.choices = [
        (row.id, row.names.get(tag) or row.names["zh-Hans"]) for row in queries.spaces()
    ]
    return form


def _plan(form: HourForm) -> Plan:
    starts_at = form.starts.data.replace(tzinfo=i18n.zone())
    return Plan(
        title=form.title.data,
        about=form.about.data or "",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=form.minutes.data),
        seats=form.seats.data,
        host_ids=tuple(form.hosts.data),
        space_id=form.space.data,
    )


@bp.route("/hours/<ref>/edit", methods=["GET", "POST"])
def edit_hour(ref: str) -> Page:
    """Change or move an hour that has not begun."""
    user = reader()
    hour = queries.hour_for(user, ref)
    form = _offered(HourForm(request.form or None, data=_shown(hour)))
    if request.method == "POST" and form.validate():
        wanted = _plan(form)
        try:
            write(lambda on: service.edit(hour, wanted, user, on=on))
            flash(_("Saved. If it was moved, those who signed up are told."), "good")
            return redirect(url_for(".hour", ref=ref), 303)
        except PortalError as refusal:
            form.form_errors.append(str(refusal))
    return _page(form, hour)


def _shown(hour: Any) -> dict[str, Any]:
    return {
        "title": hour.title,
        "about": hour.about,
        "starts": i18n.local(hour.starts_at).replace(tzinfo=None),
        "minutes": int((hour.ends_at - hour.starts_at).total_seconds() // 60),
        "seats": hour.seats,
        "hosts": [row.id for row in queries.hosts_of([hour])[hour.id]],
        "space": hour.space_id,
    }
