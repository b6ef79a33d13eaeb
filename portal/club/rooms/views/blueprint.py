"""The blueprints of rooms: for people of the club, and for calendars and links in mails."""

from flask import Blueprint, request

bp = Blueprint("rooms", __name__)
open_bp = Blueprint("hours_open", __name__)


def is_script() -> bool:
    """Return whether the page's own script asks, for a part of the page."""
    return request.headers.get("X-Fragment") == "1"
