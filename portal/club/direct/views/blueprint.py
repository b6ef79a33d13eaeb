"""The blueprint of messages, and what its pages ask of a request."""

from typing import Any

from flask import Blueprint, request

from portal.accounts.access import User
from portal.club.direct.queries import talks
from portal.club.direct.rules import NOTE_MAX
from portal.core.markdown import clean
from portal.forum.views.blueprint import entered

bp = Blueprint("direct", __name__)


def is_script() -> bool:
    """Return whether the page's own script asks, for a part of the page."""
    return request.headers.get("X-Fragment") == "1"


def said(name: str) -> str | None:
    """Return a line that somebody typed; None where he did not."""
    return " ".join(clean(request.form.get(name, "")).split())[:NOTE_MAX] or None


def found(ref: str) -> tuple[User, Any, Any]:
    """Return who asks, his profile and his talk; raises NotFound for what is not his."""
    user, profile = entered()
    return user, profile, talks.talk_for(user, ref)
