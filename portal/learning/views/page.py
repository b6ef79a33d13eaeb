"""Pages for people who may be nobody: no session is begun for them."""

from typing import Any

from flask import Response, make_response, render_template
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from portal.accounts.access import User


def page(template: str, status: int = 200, *, is_secret: bool = False, **values: Any) -> Response:
    """Return a page.

    ``is_secret``: its address is a key; nothing keeps a copy, no search engine shows it.
    """
    answer = make_response(render_template(template, csrf_token=form_token, **values), status)
    if is_secret:
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


def form_token() -> str:
    """Return the token of the page's forms; visitors have none, and so need no session."""
    return generate_csrf() if current_user.is_authenticated else ""


def learner() -> User | None:
    """Return who reads, if his progress can be kept; None for visitors and programs."""
    if not current_user.may("learning.take") or current_user.is_program:
        return None
    user: User = current_user._get_current_object()
    return user
