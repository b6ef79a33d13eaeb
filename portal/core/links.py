"""Addresses: with what the present request asked for, or to be sent to others."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import current_app, has_request_context, request, url_for
from werkzeug.datastructures import MultiDict

SAFE = "!$'()*,/:;?@"  # left as they are in a query string, so that people can read it


def with_query(path: str, asked: "Iterable[tuple[str, str]] | MultiDict[str, str]") -> str:
    """Return ``path`` with the parameters ``asked``.

    Parameters that strangers chose go through here, never into ``url_for``: there some names
    (``_scheme``, ``_external``, ``endpoint`` …) mean something else and lead off the site.
    """
    pairs = list(asked.items(multi=True) if isinstance(asked, MultiDict) else asked)
    return f"{path}?{urlencode(pairs, safe=SAFE)}" if pairs else path


def to(endpoint: str, **values: Any) -> str:
    """Return the address of a page, as ``url_for`` does; those without values are made once."""
    if values or endpoint.startswith("."):
        return url_for(endpoint, **values)
    known: dict[tuple[str, str], str] = current_app.extensions.setdefault("addresses", {})
    key = (request.script_root if has_request_context() else "", endpoint)
    if key not in known:
        known[key] = url_for(endpoint)
    return known[key]


def abroad(path: str) -> str:
    """Return the full address of ``path``, as it can be sent to others.

    It begins with PUBLIC_URL, never with the host that a request claims to be for.
    """
    return f"{current_app.config['PUBLIC_URL']}{path}"
