"""Whom one finds: the list with its filters, one profile, its picture."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.club.people import beside
from portal.club.people.queries import activity
from portal.club.people.queries import cards as queries
from portal.club.people.queries.cards import Filter
from portal.club.people.rules import cards as rules
from portal.club.people.shown import card_of
from portal.club.people.views.blueprint import bp
from portal.core import files
from portal.core.db import write
from portal.core.errors import Refused
from portal.core.i18n import gettext as _
from portal.forum.queries.blocks import blocked_by
from portal.forum.rules.order import REASONS
from portal.forum.service import blocking
from portal.forum.views.blueprint import entered

#: What may be filtered by → what it may be.
FILTERS: dict[str, dict[str, Any]] = {
    "offers": rules.SERVICES,
    "seeks": rules.SERVICES,
    "region": rules.REGIONS,
    "speaks": rules.LANGUAGES,
}
TEXT_MAX = 100  # characters


@bp.get("")
def index() -> str:
    """Show who wants to be found."""
    user, _profile = entered()
    filter_ = _filter()
    page = queries.cards_for(user, filter_, after=request.args.get("after"))
    own = queries.own_card(user)
    return render_template(
        "club/people/index.html",
        cards=[card_of(row) for row in page.items],
        next=page.next,
        filter=filter_,
        filters=FILTERS,
        is_shown=own is not None and own.is_shown,
        blocked=blocked_by(user),
    )


def _filter() -> Filter:
    asked = {name: request.args.get(name, "") for name in FILTERS}
    marks = {name: value if value in FILTERS[name] else "" for name, value in asked.items()}
    return Filter(text=request.args.get("q", "").strip()[:TEXT_MAX], marks=marks)


@bp.get("/<handle>")
def person(handle: str) -> str:
    """Show one profile: the card, what he did in the forum, what other parts tell of him."""
    user, _profile = entered()
    row = queries.card_for(user, handle)
    return render_template(
        "club/people/person.html",
        card=card_of(row),
        row=row,
        topics=activity.topics_of(user, row.person_id),
        answers=activity.answers_of(user, row.person_id),
        beside=beside.sections_for(user, row),
        is_blocked=row.person_id in blocked_by(user),
        is_me=row.person_id == user.person_id,
        reasons=REASONS,
    )


@bp.get("/<handle>/picture")
def picture(handle: str) -> Answer:
    """Return the picture of a card, asked for anew each time: it may be gone the next moment."""
    user, _profile = entered()
    key = queries.picture_for(user, handle)
    reply = Response(files.read(key), mimetype="image/jpeg")
    reply.headers["Cache-Control"] = "private, no-cache"
    reply.headers["X-Content-Type-Options"] = "nosniff"
    reply.set_etag(key)
    return reply.make_conditional(request)


@bp.post("/<handle>/block")
def block(handle: str) -> Answer:
    """Hear nothing from somebody any more, or hear him again."""
    user, _profile = entered()
    other = queries.card_for(user, handle)
    if request.form.get("blocked") not in ("0", "1"):
        raise Refused(_("Choose what is to be done."))
    if request.form["blocked"] == "1":
        write(lambda on: blocking.block(user, other.person_id, on=on))
        flash(_("You hear nothing from this person any more. He is not told."), "good")
    else:
        write(lambda on: blocking.unblock(user, other.person_id, on=on))
        flash(_("You hear from this person again."), "good")
    return redirect(url_for(".person", handle=handle), 303)
