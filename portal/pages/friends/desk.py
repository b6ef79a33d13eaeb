"""Friendly links at the desk: decide on proposals, keep links and groups in order."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.forms import Answer, filled, show
from portal.core import i18n, spam
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.pages.friends import queries, rules, service
from portal.pages.friends.forms import FriendForm, GroupForm, ReasonForm
from portal.pages.friends.models import Friend
from portal.pages.friends.rules import State
from portal.pages.service import pictures

bp = Blueprint("friendly_links_desk", __name__)


@bp.get("/")
def index() -> str:
    """Show all links, proposals first, and the groups."""
    state = request.args.get("state", "")
    return render_template(
        "pages/friends/desk/index.html",
        friends=queries.friends_for(current_user, state),
        groups=queries.groups_for(current_user),
        state=state,
        state_names=rules.STATE_NAMES,
        name_in=lambda names: queries.name_in(names, i18n.tag()),
        reasons=spam.in_words,
        spam_from=spam.SPAM_FROM,
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer | Response:
    """Add a link; it is listed at once."""
    form = FriendForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                friend = service.add(_values(form), by=current_user)
        except PortalError as refusal:
            show(refusal, form)
        else:
            flash(_("%(name)s is listed.", name=friend.name), "good")
            return redirect(url_for(".index"))
    return filled(render_template("pages/friends/desk/edit.html", form=form, friend=None), form)


@bp.route("/<ref>", methods=["GET", "POST"])
def edit(ref: str) -> Answer | Response:
    """Change a link."""
    friend = queries.friend_for(current_user, ref)
    form = FriendForm(request.form, **_as_form(friend))
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                friend = queries.friend_for(current_user, ref, lock=True)
                service.edit(friend, _values(form), by=current_user)
        except PortalError as refusal:
            show(refusal, form)
        else:
            flash(_("%(name)s is changed.", name=form.name.data), "good")
            return redirect(url_for(".index"))
    page = render_template(
        "pages/friends/desk/edit.html",
        form=form,
        friend=friend,
        logo=queries.logo_of(friend),
        state_names=rules.STATE_NAMES,
        reasons=spam.in_words,
    )
    return filled(page, form)


def _as_form(friend: Friend) -> dict[str, Any]:
    names = ("name", "url", "says", "position")
    values = {name: getattr(friend, name) for name in names}
    is_watched = friend.check_at is not None or friend.state == State.PROPOSED
    return values | {"group_id": str(friend.group_id), "is_watched": is_watched}


def _values(form: FriendForm) -> dict[str, Any]:
    """Return what was entered; a new logo is kept, {} takes it away, None leaves it."""
    sent = request.files.get("logo")
    logo = None
    if form.no_logo.data:
        logo = {}
    elif sent is not None and sent.filename:
        logo = pictures.keep(sent.read(), by_id=current_user.person_id)
    return form.values() | {"logo": logo}


@bp.post("/<ref>/list")
def approve(ref: str) -> Response:
    """List a link that was proposed, hidden or declined."""
    return _moved(ref, State.LISTED, None, _("The link is listed."))


@bp.route("/<ref>/<any(hide, decline):act>", methods=["GET", "POST"])
def put_away(ref: str, act: str) -> Answer | Response:
    """Hide or decline a link, with a reason for colleagues."""
    friend, form = queries.friend_for(current_user, ref), ReasonForm(request.form)
    if request.method == "POST" and form.validate():
        to, said = {
            "hide": (State.HIDDEN, _("The link is hidden.")),
            "decline": (State.REFUSED, _("The proposal is declined.")),
        }[act]
        return _moved(ref, to, form.reason.data, said)
    page = render_template("pages/friends/desk/put_away.html", form=form, friend=friend, act=act)
    return filled(page, form)


def _moved(ref: str, to: State, reason: str | None, said: str) -> Response:
    with transaction():
        friend = queries.friend_for(current_user, ref, lock=True)
        service.move(friend, to, reason, by=current_user)
    flash(said, "good")
    return redirect(url_for(".index"))


@bp.route("/groups/new", methods=["GET", "POST"])
def new_group() -> Answer | Response:
    """Add a group."""
    form = GroupForm(request.form)
    if request.method == "POST" and form.validate():
        return _group_saved(form, None)
    return filled(render_template("pages/friends/desk/group.html", form=form, group=None), form)


@bp.route("/groups/<int:group_id>", methods=["GET", "POST"])
def edit_group(group_id: int) -> Answer | Response:
    """Rename a group or move it."""
    group = queries.group_for(current_user, group_id)
    names = {tag.lower().replace("-", "_"): name for tag, name in group.names.items()}
    form = GroupForm(request.form, position=group.position, **names)
    if request.method == "POST" and form.validate():
        return _group_saved(form, group_id)
    return filled(render_template("pages/friends/desk/group.html", form=form, group=group), form)


def _group_saved(form: GroupForm, group_id: int | None) -> Response:
    with transaction():
        known = group_id and queries.group_for(current_user, group_id, lock=True)
        service.save_group(known or None, form.names(), form.position.data)
    flash(_("The group is saved."), "good")
    return redirect(url_for(".index"))


@bp.post("/groups/<int:group_id>/remove")
def remove_group(group_id: int) -> Response:
    """Remove a group without links."""
    with transaction():
        service.remove_group(queries.group_for(current_user, group_id, lock=True))
    flash(_("The group is removed."), "good")
    return redirect(url_for(".index"))
