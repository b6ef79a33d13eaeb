"""The blueprints of rooms: for people of the club, and for calendars and links in mails."""

from flask import Blueprint, request

bp = Blueprint("rooms", __name__)
open_bp = Blueprint("hours_open", __name__)
NOTE_MAX = 500  # characters


def is_script() -> bool:
    """Return whether the page's own script asks, for a part of the page."""
    return request.headers.get("X-Fragment") == "1"


def said(name: str) -> str | None:
    """Return a line that somebody typed; None where he did not."""
    return " ".join(request.form.get(name, "").split())[:NOTE_MAX] or None
