"""Papers of a notice: what its owner attaches, photos, receipts, the list to print."""

from flask import Response, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Redirect

from portal.core import files
from portal.core.errors import FieldError, Invalid, NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.core.pdf import codes
from portal.warehousing.inbound.queries import one as queries
from portal.warehousing.inbound.queries.visible import notice_for
from portal.warehousing.inbound.service import papers as service
from portal.warehousing.inbound.shown import paper, words
from portal.warehousing.inbound.shown.asking import asker, carried_out
from portal.warehousing.inbound.shown.downloads import document, picture
from portal.warehousing.inbound.views.blueprint import bp


@bp.post("/<ref>/files")
def attach(ref: str) -> Redirect:
    """Attach a paper: a delivery note, a certificate, a photo."""
    notice, user = notice_for(asker(), ref), asker()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        message = _("Choose a file first.")
        raise Invalid(message, [FieldError("file", message)])
    name = sent.filename
    stored = files.keep_document(sent.read(), name=name)

    def work(on: Connection) -> None:
        service.attach(notice.ref, notice.company_id, stored, name, by=user.person_id, on=on)

    carried_out("inbound.attach", "", work)
    flash(_("The file is attached."))
    return redirect(url_for("inbound.detail", ref=ref, _anchor="papers"))


@bp.get("/<ref>/files/<file>")
def file(ref: str, file: str) -> Response:
    """Send a paper of a notice."""
    return document(queries.file_of(notice_for(asker(), ref), file))


@bp.get("/<ref>/photos/<int:scan>")
def photo(ref: str, scan: int) -> Response:
    """Show the photo that was taken at a scan."""
    notice = notice_for(asker(), ref)
    found = next((each for each in queries.scans_of(notice) if each.id == scan), None)
    if found is None or not found.picture_key:
        raise NotFound(_l("That file is not there any more."))
    return picture(found.picture_key)


@bp.get("/<ref>/receipts/<receipt>.pdf")
def receipt(ref: str, receipt: str) -> Response:
    """Send a receipt as PDF."""
    notice = notice_for(asker(), ref)
    return paper.answer(notice, queries.receipt_of(notice, receipt))


@bp.get("/<ref>/print")
def printed(ref: str) -> str:
    """Show a notice to be printed: its lines with room to tick them off."""
    notice = notice_for(asker(), ref)
    bars, modules = codes.code_128(notice.ref)
    return render_template(
        "warehousing/inbound/print.html",
        notice=notice,
        code=bars,
        modules=modules,
        lines=queries.lines_of(notice),
        words=words,
    )
