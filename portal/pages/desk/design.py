"""The living page of the visual language: every part the pages are made of."""

from flask import Blueprint, render_template

bp = Blueprint("design", __name__)


@bp.get("")
def index() -> str:
    """Show every component once."""
    return render_template("design/index.html")
