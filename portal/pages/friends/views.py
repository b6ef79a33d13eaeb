"""Friendly links as everybody sees them, and the form to propose one."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.accounts.forms import Answer, filled
from portal.core import i18n, limits, spam
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.core.i18n import lazy as _l
from portal.pages.friends import queries, service
from portal.pages.friends.forms import ProposalForm
from portal.pages.friends.service import Proposal
from portal.pages.queries import published

bp = Blueprint("friendly_links", __name__)
AGAIN = _l(
    "This form was open for very long, or the browser has lost it. "
    "Nothing you wrote is lost: please look at it and send it again."
)


@bp.get("", strict_slashes=False)
def index() -> str:
    """Show the links by group."""
    tag = i18n.tag()
    groups = queries.listed(tag)
    return render_template(
        "pages/friends/index.html",
        shown=published("page", "links", tag),
        groups=groups,
        partners=queries.shown_partners(groups),
    )


@bp.route("/propose", methods=["GET", "POST"])
def propose() -> Answer | Response:
    """Take a proposal."""
    form = ProposalForm(request.form, **_known())
    if request.method == "POST" and _is_kept(form):
        return redirect(url_for(".thanks"), 303)
    form.show_trap()
    return filled(render_template("pages/friends/propose.html", form=form), form)


@bp.get("/thanks")
def thanks() -> str:
    """Say what happens with a proposal."""
    return render_template("pages/friends/thanks.html")


def _known() -> dict[str, str]:
    """Return what we know of somebody who is signed in."""
    if not current_user.is_authenticated:
        return {}
    known = {"contact_name": current_user.name, "contact_email": current_user.email}
    return known | ({"name": current_user.company_name} if current_user.company_name else {})


def _is_kept(form: ProposalForm) -> bool:
    """Keep a proposal, once for each form; return False where something is to be changed."""
    good, shown = form.validate(), form.first_shown()
    if shown is None:
        form.form_errors.append(str(AGAIN))
    if shown is None or not good:
        return False
    try:
        limits.spend("links")
        with transaction():
            service.propose(_proposal(form), _weighed(form), form_name=shown.name)
    except IntegrityError:  # the same form, sent twice at the same moment: it is kept already
        return True
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return False
    return True


def _proposal(form: ProposalForm) -> Proposal:
    return Proposal(
        group_id=int(form.group_id.data),
        url=form.url.data,
        name=form.name.data,
        says=form.says.data or None,
        contact_name=form.contact_name.data,
        contact_email=form.contact_email.data,
    )


def _weighed(form: ProposalForm) -> spam.Verdict:
    """Return how much a proposal looks like one that nobody wants: its link does not count."""
    return spam.weigh(
        form.says.data or "",
        heads=[form.name.data, form.contact_name.data],
        took=form.time_taken(),
        trapped=form.was_trapped,
    )
