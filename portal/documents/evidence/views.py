"""The public page on which anybody checks an evidence pack, and the packs by program."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user

from portal.core import limits, look
from portal.core.i18n import gettext as _
from portal.core.links import abroad
from portal.documents.evidence import checking, contents, queries, service

verify_bp = Blueprint("evidence", __name__)
api_bp = Blueprint("evidence_api", __name__)
LONGEST = 200  # characters of a fingerprint that are looked at


@verify_bp.get("/verify/<ref>")
def verify(ref: str) -> Response:
    """Say whether there is a pack with this reference and whether the log agrees with it."""
    limits.spend("lookup")
    pack = queries.pack_by_ref(ref)
    if pack is None:
        return _page("documents/verify_missing.html", 404)
    asked = request.args.get("sum", "")[:LONGEST].strip()
    digest = checking.as_sum(asked)
    return _page(
        "documents/verify.html",
        422 if asked and digest is None else 200,
        pack=pack,
        made_at=contents.in_centre(pack.made_at),
        verdict=checking.judge(pack),
        asked=asked,
        error=_not_a_sum() if asked and digest is None else None,
        digest=digest,
        found=None if digest is None else checking.file_with(pack, digest),
    )


def _not_a_sum() -> str:
    return _("A fingerprint (SHA-256) has 64 digits: 0 to 9 and a to f. Please check it.")


def _page(template: str, status: int, **values: object) -> Response:
    answer = make_response(render_template(template, **values), status)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@api_bp.get("/consignments/<no>/documents/evidence.zip")
def archive(no: str) -> Response:
    """Return the evidence pack of a consignment."""
    made = _made(no)
    return _file(made.archive, "application/zip", f"evidence-{made.no}.zip")


@api_bp.get("/consignments/<no>/documents/evidence.pdf")
def paper(no: str) -> Response:
    """Return the readable paper of the evidence pack of a consignment."""
    made = _made(no)
    return _file(made.paper, "application/pdf", f"evidence-{made.no}.pdf")


def _made(no: str) -> service.Made:
    user = current_user._get_current_object()
    limits.spend("api", user.person_id)
    return service.make(user, no, url_of=_address, centre=look.centre().name)


def _address(ref: str) -> str:
    return abroad(url_for("evidence.verify", ref=ref))


def _file(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
