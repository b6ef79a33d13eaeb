"""The desk’s page of one notice: receive without a handheld, finish, look again."""

import secrets
from typing import Any

from flask import Response, render_template, request

from portal.core.db import AnyRow
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.rules import LEVELS
from portal.warehousing.inbound.desk.blueprint import bp
from portal.warehousing.inbound.queries import one as queries
from portal.warehousing.inbound.queries.visible import notice_for
from portal.warehousing.inbound.rules import states
from portal.warehousing.inbound.rules.receiving import CONDITIONS
from portal.warehousing.inbound.shown import page, paper
from portal.warehousing.inbound.shown.asking import asker
from portal.warehousing.inbound.shown.downloads import document, picture
from portal.warehousing.sites.queries import docks_of

NEWEST = 12  # scans shown with a key that takes them back


@bp.get("/<ref>")
def detail(ref: str) -> str:
    """Show one notice to the centre’s people."""
    return shown(notice_for(asker(), ref))


def shown(notice: AnyRow, **more: Any) -> str:
    """Return the page of a notice, perhaps with what was refused."""
    return render_template(
        "warehousing/inbound/desk/detail.html",
        **{**page.everything(notice, request.args), **_more(notice), **more},
    )


def _more(notice: AnyRow) -> dict[str, Any]:
    is_here = notice.status in states.RECEIVABLE
    return {
        "docks": [d for d in docks_of(notice.warehouse_id) if d.active and d.kind != "out"],
        "newest": queries.scans_of(notice, newest=NEWEST) if notice.status == "receiving" else (),
        "tasks": queries.tasks_of(notice) if notice.status in states.PUTTABLE else (),
        "stored": queries.stored_of(notice) if notice.status in states.PUTTABLE else (),
        "levels": list(LEVELS.items()),
        "conditions": list(CONDITIONS.items()),
        "may_receive": is_here,
        "typed": {},
        "once": secrets.token_urlsafe(12),
    }


@bp.get("/<ref>/head")
def head(ref: str) -> str:
    """Show its state and steps, for pages that follow it."""
    shown_ = page.of_head(notice_for(asker(), ref))
    return render_template("warehousing/inbound/desk/_head.html", **shown_)


@bp.get("/<ref>/lines")
def lines(ref: str) -> str:
    """Show its lines, for pages that follow it."""
    shown_ = page.of_lines(notice_for(asker(), ref), request.args)
    return render_template("warehousing/inbound/_lines.html", **shown_)


@bp.get("/<ref>/differences")
def differences(ref: str) -> str:
    """Show its differences, for pages that follow it."""
    shown_ = page.of_differences(notice_for(asker(), ref))
    return render_template("warehousing/inbound/_differences.html", **shown_)


@bp.get("/<ref>/papers")
def papers(ref: str) -> str:
    """Show its receipts and files, for pages that follow it."""
    shown_ = page.of_papers(notice_for(asker(), ref))
    return render_template("warehousing/inbound/_papers.html", **shown_)


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
