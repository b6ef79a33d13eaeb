"""Many papers in one file: at once where they are few, else made by a worker."""

import secrets
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_login import current_user
from sqlalchemy import Row
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.access import User
from portal.accounts.company_queries import find_company
from portal.accounts.rules import plain
from portal.consignments.queries.many import Filter
from portal.consignments.shown.asked import Asked
from portal.core import files, i18n, limits
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.documents import jobs, printing, queries, rules, service
from portal.documents.queries import Choice
from portal.documents.rules import Paper
from portal.documents.service import Order

bp = Blueprint("documents", __name__)
desk_bp = Blueprint("documents_desk", __name__)


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


def _page(name: str, **values: Any) -> str:
    """Show a page in the frame of whoever asks: ``home`` is the part of the site he is in."""
    home = request.blueprint or ""
    return render_template(
        f"documents/{name}.html", home=home, desk=home == desk_bp.name, rules=rules, **values
    )


@bp.get("")
@desk_bp.get("")
def index() -> str:
    """List the files of papers that were made, the newest first."""
    page = queries.batches_for(_user(), after=request.args.get("after"))
    return _page("index", page=page)


@bp.route("/print", methods=["GET", "POST"])
@desk_bp.route("/print", methods=["GET", "POST"])
def choose() -> Any:
    """Send few papers at once; ask before many are made."""
    values, user = request.values, _user()
    paper = rules.paper_of(values.get("paper", Paper.LABEL))
    if request.method == "POST" and not values.getlist("no"):
        flash(_("Choose consignments first, then print."), "bad")
        return redirect(url_for(".index"))
    chosen = queries.chosen_for(user, _choice(values))
    pieces = sum(count for _no, count in chosen)
    try:
        rules.check(paper, len(chosen), pieces)
    except PortalError as refusal:
        return _confirmed(paper, values, chosen, refusal=str(refusal)), refusal.status
    if pieces > rules.DIRECT or values.get("later") or paper is Paper.EVIDENCE:
        return _confirmed(paper, values, chosen)
    limits.spend("api", user.person_id)
    return printing.many(paper, queries.papers_for(user, [no for no, _count in chosen]))


def _confirmed(
    paper: Paper, values: MultiDict[str, str], chosen: list[tuple[str, int]], refusal: str = ""
) -> str:
    kept = [(name, value) for name, value in values.items(multi=True) if name in _KEPT]
    return _page(
        "confirm",
        paper=paper,
        kept=kept,
        consignments=len(chosen),
        pieces=sum(count for _no, count in chosen),
        refusal=refusal,
        key=secrets.token_hex(8),
    )


#: Parameters that say what was chosen.
_KEPT = frozenset({"no", "import", "company", "status", "q", "city", "from", "to", "sort"})


def _choice(values: MultiDict[str, str]) -> Choice:
    nos = tuple(values.getlist("no")[: rules.MOST + 1])
    wanted = Asked.of(values).filter()
    if ref := values.get("company"):
        company = find_company(plain(ref))
        wanted = Filter(**(wanted.__dict__ | {"company_id": company.id if company else -1}))
    return Choice(nos=nos, import_ref=plain(values.get("import", "")), wanted=wanted)


@bp.post("")
@desk_bp.post("")
def order() -> Any:
    """Have a worker make many papers."""
    user, values = _user(), request.form
    limits.spend("upload", "print", user.person_id)
    paper = rules.paper_of(values.get("paper", ""))
    chosen = queries.chosen_for(user, _choice(values))
    asked = Order(key=values.get("key", ""), paper=paper, language=i18n.tag(), chosen=chosen)
    try:
        with transaction():
            ref, batch_id = service.order(asked, queries.company_of(user), by=user)
            if batch_id:
                jobs.owe(batch_id)
    except PortalError as refusal:
        return _confirmed(paper, values, chosen, refusal=str(refusal)), refusal.status
    return redirect(url_for(".show", ref=ref))


@bp.get("/<ref>")
@desk_bp.get("/<ref>")
def show(ref: str) -> str:
    """Show how far a file is, then the way to it."""
    return _page("show", batch=queries.batch_for(_user(), ref))


@bp.get("/<ref>/fragment")
@desk_bp.get("/<ref>/fragment")
def fragment(ref: str) -> str:
    """Return what of the page changes while the file is made."""
    return _page("_status", batch=queries.batch_for(_user(), ref))


@bp.get("/<ref>/papers.pdf")
@desk_bp.get("/<ref>/papers.pdf")
def file(ref: str) -> Response:
    """Send the file."""
    batch = queries.batch_for(_user(), ref)
    if batch.state != "done":
        raise NotFound(_("This file is not there. Make it again."))
    if batch.paper == Paper.EVIDENCE:
        return send_file(
            files.path(batch.file_key),
            mimetype="application/zip",
            as_attachment=True,
            download_name=f"evidence-{batch.ref}.zip",
        )
    return printing.sent(files.read(batch.file_key), f"{batch.paper}s-{batch.ref}.pdf")


@bp.post("/<ref>/cancel")
@desk_bp.post("/<ref>/cancel")
def cancel(ref: str) -> AnyResponse:
    """Stop making a file."""
    with transaction():
        service.cancel(queries.batch_for(_user(), ref, lock=True))
    return redirect(url_for(".show", ref=ref))


@bp.post("/<ref>/again")
@desk_bp.post("/<ref>/again")
def again(ref: str) -> AnyResponse:
    """Make a file once more."""
    limits.spend("upload", "print", current_user.person_id)
    with transaction():
        batch: Row[Any] = queries.batch_for(_user(), ref, lock=True)
        service.again(batch)
        jobs.owe(batch.id)
    return redirect(url_for(".show", ref=ref))
