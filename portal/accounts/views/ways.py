"""Where somebody goes after signing in."""

from urllib.parse import urlsplit

from flask import current_app, request, url_for

from portal.accounts.access import User, Visitor


def local_path(asked: str | None) -> str | None:
    """Return ``asked`` if it is a path on this site, else None.

    Browsers read ``//host``, ``/\\host`` and paths with control characters as other hosts.
    """
    if not asked or not asked.startswith("/") or asked.startswith("//"):
        return None
    if "\\" in asked or not asked.isprintable():
        return None
    parts = urlsplit(asked)
    return None if parts.scheme or parts.netloc else asked


def home_of(user: User | Visitor) -> str:
    """Return the address of the person's own first page.

    Who may enter neither the desk nor the member area is told why, on a page of his own.
    """
    for right, endpoint in (("desk.enter", "desk.home"), ("portal.enter", "member.home")):
        if user.may(right):
            return url_for(endpoint if endpoint in current_app.view_functions else "pages.home")
    return url_for("account.standing")


def onward(user: User | Visitor) -> str:
    """Return where to go on after signing in: where the person was going, else his first page."""
    wanted = local_path(request.values.get("next"))
    if wanted is None or _is_shut(wanted, user):
        return home_of(user)
    return wanted


def _is_shut(path: str, user: User | Visitor) -> bool:
    """Return whether somebody who may enter nothing yet was going to a part that takes a right."""
    may_enter = user.may("desk.enter") or user.may("portal.enter")
    return not may_enter and path.startswith(("/portal", "/desk"))
