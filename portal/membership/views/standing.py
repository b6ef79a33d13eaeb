"""After sending: where the application stands, its copy, its papers, taking it back."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core import i18n
from portal.core.db import transaction
from portal.membership import service
from portal.membership.queries import around, questionnaires
from portal.membership.rules.states import STATE_TEXT, State, possible
from portal.membership.shown import copy, way
from portal.membership.shown.download import as_download, as_pdf
from portal.membership.views.beginning import to_present
from portal.membership.views.blueprint import Answer, application, bp, remembered
from portal.membership.views.steps import first_open


@bp.get("/<ref>")
def show(ref: str) -> Answer:
    """Show where an application stands and what comes next; a draft goes on where it stopped."""
    mine = application(ref)
    if mine.state == State.DRAFT:
        return remembered(first_open(mine), mine)
    if mine.state == State.UNVERIFIED:
        return remembered(to_present(mine), mine)
    version = questionnaires.version_of(mine)
    page = render_template(
        "membership/show.html",
        application=mine,
        version=version,
        language=i18n.tag(),
        state_text=STATE_TEXT,
        steps=way.steps(mine),
        story=way.story(around.moves_of(mine), version, i18n.tag()),
        ask=around.open_ask(mine) if mine.state == State.INFO_REQUESTED else None,
        may=possible(mine.state),
        same=way.same_as(mine),
    )
    return remembered(page, mine)


@bp.route("/<ref>/withdraw", methods=["GET", "POST"])
def withdraw(ref: str) -> Answer:
    """Take an application back, after asking."""
    mine = application(ref)
    if request.method == "POST":
        with transaction():
            service.withdraw(application(ref, lock=True))
        return remembered(redirect(url_for(".show", ref=ref), 303), mine)
    return remembered(render_template("membership/withdraw.html", application=mine), mine)


@bp.get("/<ref>/copy.pdf")
def copy_pdf(ref: str) -> Response:
    """Give the application as it was answered, as PDF."""
    mine = application(ref)
    version = questionnaires.version_of(mine)
    page = copy.pdf(
        mine, version, around.answers_of(mine), around.consents_of(mine), language=i18n.tag()
    )
    return as_pdf(page, mine.ref)


@bp.get("/<ref>/papers/<paper>")
def paper(ref: str, paper: str) -> Response:
    """Give back a file that the applicant has added."""
    return as_download(around.paper_of(application(ref), paper))
