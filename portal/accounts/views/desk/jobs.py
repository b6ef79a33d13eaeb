"""Jobs that stopped, at the desk."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.service import stopped
from portal.core import pagination
from portal.core.db import transaction
from portal.core.i18n import gettext as _

bp = Blueprint("jobs_desk", __name__)


@bp.get("/")
def index() -> str:
    """Show jobs that failed: those given up, and those that will be tried again."""
    size = pagination.limit(request.args.get("limit"))
    after = pagination.decode_number(request.args.get("after"))
    jobs = stopped.stopped_jobs(after, size)
    return render_template(
        "accounts/desk/jobs.html", page=pagination.cut(jobs, size, lambda job: [job.id])
    )


@bp.post("/<int(max=9223372036854775807):number>/again")
def again(number: int) -> Response:
    """Have a job run again."""
    with transaction():
        stopped.run_again(number)
    flash(_("The job is queued and will run in a moment."), "good")
    return redirect(url_for(".index"))
