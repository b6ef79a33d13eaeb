"""The owner's lots: what is held and why; he holds and frees his own."""

from flask import Blueprint, Response, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from portal.accounts.access import User
from portal.warehousing.holds import sheets, shown

bp = Blueprint("lots", __name__)


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


@bp.get("")
def index() -> str:
    """Show the company's lots."""
    return render_template("warehousing/holds/index.html", **shown.listed(_user(), "lots"))


@bp.get("/list")
def rows() -> str:
    """Return the list anew, for pages that follow the company."""
    return render_template("warehousing/holds/_list.html", **shown.listed(_user(), "lots"))


@bp.get("/export.<any(csv, xlsx):file_format>")
def export(file_format: str) -> Response:
    """Send the company's lots that fit as a sheet."""
    return sheets.sent(_user(), shown.wanted_of(), file_format)


@bp.get("/<int:lot_id>")
def show(lot_id: int) -> str:
    """Show one lot, where it lies and its holds."""
    return render_template("warehousing/holds/show.html", **shown.one(_user(), lot_id, "lots"))


@bp.get("/<int:lot_id>/now")
def now(lot_id: int) -> str:
    """Return the same anew, for pages that follow the company."""
    return render_template("warehousing/holds/_one.html", **shown.one(_user(), lot_id, "lots"))


@bp.post("/<int:lot_id>/hold")
def hold(lot_id: int) -> Redirect:
    """Hold the lot."""
    return shown.set_hold(_user(), lot_id, url_for(".show", lot_id=lot_id))


@bp.post("/<int:lot_id>/holds/<ref>/end")
def lift(lot_id: int, ref: str) -> Redirect:
    """End one of the owner's holds."""
    return shown.lift(_user(), lot_id, ref, url_for(".show", lot_id=lot_id))
