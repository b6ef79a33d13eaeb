"""Pages, and parts of their frame, that are the same for everybody who is not signed in.

A page is kept under what it was made from, so that it can never be out of date, and for KEPT_S at
most, since pages name the time. Only the nonce of its scripts is another in each answer.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import current_app, request, session
from flask_login import current_user
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from portal.core import i18n
from portal.core.headers import nonce

KEPT_S = 60.0
MOST_BYTES = 8_000_000
_pages: OrderedDict[Hashable, tuple[float, list[str]]] = OrderedDict()
_size = 0


def page(made_from: Hashable, render: Callable[[], str]) -> str:
    """Return what ``render()`` returns, or what it returned lately for the same visitor's choices.

    ``made_from`` is all that the page shows beside its frame.
    """
    if current_user.is_authenticated or session:
        return render()
    choices = (i18n.tag(), request.cookies.get("theme"), request.cookies.get("density"))
    key = (request.root_path, request.full_path, choices, made_from)
    kept = _pages.get(key)
    if kept is not None and time.monotonic() - kept[0] < KEPT_S:
        _pages.move_to_end(key)
        return nonce().join(kept[1])
    html = render()
    if not session:  # one that was begun meanwhile is this visitor's own
        _keep(key, html.split(nonce()))
    return html


@pass_context
def part(context: Context, template: str) -> Markup:
    """Return a part of a page's frame, rendered with what the page knows.

    For visitors it is kept, unless it repeats parameters of the address; it must show nothing
    but the centre, its windows, and what the visitor chose to read it in.
    """

    def render() -> str:
        return context.environment.get_template(template).render(context.get_all())

    if current_user.is_authenticated or session or request.args:
        return Markup(render())  # noqa: S704 - a template of ours, which escapes
    here = tuple(window.number for window in context.get("windows", ()) if window.current)
    choices = (context.get("locale"), context.get("theme"), context.get("density"))
    key = (template, request.script_root, choices, here, context.get("brief"))
    # A few for each language and theme; they change only when the portal is started anew.
    parts: dict[Hashable, Markup] = current_app.extensions.setdefault("kept parts", {})
    if key not in parts:
        parts[key] = Markup(render())  # noqa: S704 - a template of ours, which escapes
    return parts[key]


def _keep(key: Hashable, parts: list[str]) -> None:
    global _size
    _size += sum(map(len, parts)) - _forget(key)
    _pages[key] = (time.monotonic(), parts)
    while _size > MOST_BYTES and _pages:
        _size -= _forget(next(iter(_pages)))


def _forget(key: Hashable) -> int:
    """Drop a page; return how long it was."""
    return sum(map(len, _pages.pop(key, (0.0, []))[1]))
