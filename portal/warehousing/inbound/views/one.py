"""The page of one notice, and the parts of it that follow the stream."""

from flask import render_template, request

from portal.warehousing.inbound.queries.visible import notice_for
from portal.warehousing.inbound.shown import page
from portal.warehousing.inbound.shown.asking import asker
from portal.warehousing.inbound.views.blueprint import bp


@bp.get("/<ref>")
def detail(ref: str) -> str:
    """Show one notice: how far it is, its lines, differences, receipts and papers."""
    shown = page.everything(notice_for(asker(), ref), request.args)
    return render_template("warehousing/inbound/detail.html", **shown)


@bp.get("/<ref>/head")
def head(ref: str) -> str:
    """Show its state and steps, for pages that follow it."""
    shown = page.of_head(notice_for(asker(), ref))
    return render_template("warehousing/inbound/_head.html", **shown)


@bp.get("/<ref>/lines")
def lines(ref: str) -> str:
    """Show its lines with what has come of each, for pages that follow it."""
    shown = page.of_lines(notice_for(asker(), ref), request.args)
    return render_template("warehousing/inbound/_lines.html", **shown)


@bp.get("/<ref>/differences")
def differences(ref: str) -> str:
    """Show its differences, for pages that follow it."""
    shown = page.of_differences(notice_for(asker(), ref))
    return render_template("warehousing/inbound/_differences.html", **shown)


@bp.get("/<ref>/papers")
def papers(ref: str) -> str:
    """Show its receipts and files, for pages that follow it."""
    shown = page.of_papers(notice_for(asker(), ref))
    return render_template("warehousing/inbound/_papers.html", **shown)
