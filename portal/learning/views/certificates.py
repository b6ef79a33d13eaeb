"""The public page on which anybody verifies a certificate."""

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.core import i18n, limits
from portal.learning.queries import certificates as queries
from portal.learning.rules import certificates as rules
from portal.learning.views.page import page

bp = Blueprint("certificates", __name__)


@bp.get("")
def index() -> Answer:
    """Ask for a number, and lead to what is known of it."""
    asked = request.args.get("number", "").strip()[:60]
    number = rules.parsed(asked) if asked else None
    if number is not None:
        return redirect(url_for(".verify", number=number))
    return page("learning/verify_form.html", 422 if asked else 200, asked=asked)


@bp.get("/<number>")
def verify(number: str) -> Response:
    """Say whose certificate it is, of which course, from when, and whether it is valid."""
    limits.spend("lookup")
    known = rules.parsed(number)
    row = queries.by_number(known) if known else None
    if row is None:
        return _private(page("learning/verify_missing.html", 404))
    course = queries.title_of(row, i18n.tag())
    spaced = rules.spaced(row.number)
    return _private(page("learning/verify.html", certificate=row, course=course, number=spaced))


def _private(answer: Response) -> Response:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer
