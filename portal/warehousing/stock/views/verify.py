"""The public page on which anybody who holds a certificate of stock has it verified."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.core import limits
from portal.core.i18n import gettext as _
from portal.warehousing.stock import rules
from portal.warehousing.stock.queries.certificates import by_ref
from portal.warehousing.stock.shown.listing import WORDS
from portal.warehousing.stock.shown.paper import read

bp = Blueprint("stock_certificates", __name__)


@bp.get("")
def index() -> Answer | Response:
    """Ask for a reference, and lead to what is known of it."""
    asked = request.args.get("ref", "").strip()[:40]
    ref = rules.read_ref(asked) if asked else None
    if ref is not None:
        return redirect(url_for(".verify", ref=ref))
    wrong = _("That is no reference of ours. Compare it with the paper.") if asked else ""
    page = render_template("warehousing/stock/verify_form.html", asked=asked, wrong=wrong)
    return _private(page, 422 if asked else 200)


@bp.get("/<ref>")
def verify(ref: str) -> Response:
    """Say what was certified, for whom, when, and that nothing of it was changed since."""
    limits.spend("lookup")
    known = rules.read_ref(ref[:40])
    row = by_ref(known) if known else None
    if row is None:
        return _private(render_template("warehousing/stock/verify_missing.html"), 404)
    is_whole = rules.digest(row.content) == row.digest
    page = render_template(
        "warehousing/stock/verify.html", row=row, said=read(row), is_whole=is_whole, **WORDS
    )
    return _private(page, 200)


def _private(page: str, status: int) -> Response:
    answer = Response(page, status, mimetype="text/html")
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer
