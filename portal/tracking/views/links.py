"""The links of a company's own consignment: make, show once, see them used, revoke."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.consignments.queries.one import consignment_for
from portal.core import clock
from portal.core.db import transaction
from portal.core.i18n import gettext as _
from portal.core.links import abroad
from portal.tracking import queries, service
from portal.tracking.forms import LinkForm

bp = Blueprint("links", __name__)
FRESH = "fresh_link"  # in the session until its page has been shown once


@bp.record_once
def _name_for_templates(state: Any) -> None:
    """Let the consignment's page show its links."""
    state.app.jinja_env.globals["share_links"] = share_links
    state.app.jinja_env.globals["link_state"] = link_state


def share_links(no: str) -> list[Any]:
    """Return the share links of a consignment that the reader may see, the newest first."""
    return queries.links_for(current_user._get_current_object(), no)


def link_state(link: Any) -> str:
    """Return whether a link is ``open``, ``expired`` or ``revoked``."""
    if link.revoked_at is not None:
        return "revoked"
    return "expired" if link.expires_at <= clock.now() else "open"


@bp.get("/<no>/links")
def index(no: str) -> str:
    """Show the links of a consignment, and once the one just made."""
    consignment = consignment_for(current_user, no)
    made_for, token = session.pop(FRESH, (None, None))
    fresh = None
    if made_for == consignment.no:
        fresh = abroad(url_for("tracking.shared", token=token))
    return _page(consignment, LinkForm(formdata=None), fresh)


def _page(consignment: Any, form: LinkForm, fresh: str | None = None) -> str:
    return render_template("tracking/links.html", consignment=consignment, form=form, fresh=fresh)


@bp.post("/<no>/links")
def share(no: str) -> Response | tuple[str, int]:
    """Make a link."""
    user = current_user._get_current_object()
    consignment, form = consignment_for(user, no), LinkForm()
    if not form.validate():
        return _page(consignment, form), 422
    with transaction():
        _ref, token = service.share(
            consignment,
            label=form.label.data,
            precision=form.precision.data,
            days=form.days.data,
            by=user,
        )
    session[FRESH] = [consignment.no, token]
    return redirect(url_for(".index", no=consignment.no), 303)


@bp.post("/links/<ref>/revoke")
def revoke(ref: str) -> Response:
    """End a link now."""
    user = current_user._get_current_object()
    with transaction():
        link = queries.link_for(user, ref)
        service.revoke(link, by=user)
    flash(_("The link no longer opens anything."), "good")
    return redirect(url_for(".index", no=link.no), 303)
