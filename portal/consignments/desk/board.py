"""The dispatcher's board: consignments in queues, live, and what is needed to push them."""

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.consignments.desk import chosen as choosing
from portal.consignments.desk.blueprint import board_bp as bp
from portal.consignments.desk.filtering import SERVICES, kept
from portal.consignments.desk.filtering import wanted as wanted_by
from portal.consignments.desk.forms import PushForm
from portal.consignments.queries import board as queries
from portal.consignments.queries.board import Wanted
from portal.consignments.rules import expected
from portal.consignments.rules.incident_words import kind_text
from portal.consignments.rules.queues import BY_CODE, FOLLOWING, KEYS, QUEUE_OF, QUEUES, Queue
from portal.consignments.rules.vocabulary import REASON_TEXT
from portal.core import clock
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.links import with_query


@bp.get("")
def index() -> str:
    """Show every queue with its most urgent jobs."""
    user, members = _user(), queries.members()
    wanted = wanted_by(members)
    begins = request.args.get("queue"), request.args.get("after")
    pages = {
        queue.code: queries.jobs_for(
            user, queue, wanted, after=begins[1] if begins[0] == queue.code else None
        )
        for queue in QUEUES
    }
    return render_template(
        "consignments/desk/board.html",
        queues=QUEUES,
        pages=pages,
        begins=begins[0],
        wanted=wanted,
        members=members,
        services=SERVICES,
        form=PushForm(),
        key=choosing.one_time_key(None),
        keys=KEYS,
        following=FOLLOWING,
        **_counted(user, wanted),
        **_common(),
    )


@bp.get("/counts")
def counts() -> str:
    """Show how many consignments are in each queue."""
    user, wanted = _user(), wanted_by(queries.members() if request.args.get("company") else [])
    return render_template(
        "consignments/desk/_counts.html", queues=QUEUES, **_counted(user, wanted), **_common()
    )


@bp.get("/queues/<code>")
def queue(code: str) -> str | Response:
    """Show one queue anew, or the jobs behind a cursor."""
    found = BY_CODE.get(code)
    if found is None:
        raise NotFound(_l("The board has no such queue."))
    if request.headers.get("X-Fragment") is None:
        return redirect(query_with_queue(code))
    user, members = _user(), queries.members() if request.args.get("company") else []
    wanted, after = wanted_by(members), request.args.get("after")
    page = queries.jobs_for(user, found, wanted, after=after)
    return render_template(
        "consignments/desk/_jobs.html", queue=found, page=page, wanted=wanted, **_common()
    )


@bp.get("/<no>/card")
def card(no: str) -> str:
    """Show one consignment as a card, for the place where it stands on the page."""
    return render_template(
        "consignments/desk/_card.html", job=queries.job_for(_user(), no), **_common()
    )


@bp.post("/look")
def look() -> str:
    """Show what was scanned, typed or pasted as ticked cards, without pushing anything."""
    user = _user()
    chosen = choosing.read(user, request.form)
    jobs = queries.jobs_of(user, chosen.numbers)
    unknown = [*(no for no in chosen.numbers if no not in jobs), *chosen.unread]
    return render_template(
        "consignments/desk/_looked.html",
        jobs=list(jobs.values()),
        unknown=unknown,
        error=chosen.error,
        **_common(),
    )


def query_with_queue(code: str) -> str:
    """Return the address of the board with this queue at the place that the request names."""
    asked = {**request.args.to_dict(), "queue": code}
    return with_query(url_for(".index"), asked.items())


def _user() -> User:
    return current_user._get_current_object()


def _counted(user: User, wanted: Wanted) -> dict[str, Any]:
    return {
        "counts": queries.queue_counts_for(user, wanted.company_id),
        "late": queries.late_count_for(user, wanted.company_id),
        "most_late": queries.MOST_COUNTED,
    }


def _common() -> dict[str, Any]:
    """Return what every template of the board needs to know."""
    return {
        "due_of": due_of,
        "is_late": is_late,
        "kept": kept(),
        "queue_of": QUEUE_OF,
        "kind_text": kind_text,
        "reason_text": lambda code: REASON_TEXT.get(code, ""),
    }


def due_of(job: Any) -> datetime | None:
    """Return the time that counts next for a job: pick-up, else expected, else promised.

    None for what waits in no queue.
    """
    found = BY_CODE.get(QUEUE_OF.get(job.status, ""))
    if found is None:
        return None
    if found.due == "pickup_planned":
        return job.pickup_planned
    return expected.due(job, clock.now())


def is_late(job: Any) -> bool:
    """Return whether a job is past its promise, or expected to be."""
    found: Queue | None = BY_CODE.get(QUEUE_OF.get(job.status, ""))
    if found is None:
        return False
    promised = getattr(job, found.due)
    now = clock.now()
    said = expected.delivery(job, now).at if found.due == "delivery_planned" else None
    return promised is not None and max(said or promised, now) > promised
