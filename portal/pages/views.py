"""Pages anyone may read."""

from flask import Blueprint, render_template

from portal.pages import queries

bp = Blueprint("pages", __name__)


@bp.get("/")
def home() -> str:
    """Show what the centre does, how well, and where to track."""
    return render_template(
        "pages/home.html", figures=queries.figures(), lanes=queries.lanes(), charts=queries.charts()
    )


@bp.get("/about")
def about() -> str:
    """Introduce the centre, its way with customers and its departments."""
    return render_template("pages/about.html")


@bp.get("/services")
def services() -> str:
    """Describe the services."""
    return render_template("pages/services.html")


@bp.get("/contact")
def contact() -> str:
    """Show every way to reach the centre."""
    return render_template("pages/contact.html")
