"""Addresses: with what the present request asked for, or to be sent to others."""

from collections.abc import Iterable
from urllib.parse import urlencode

from flask import current_app
from werkzeug.datastructures import MultiDict

SAFE = "!$'()*,/:;?@"  # left as they are in a query string, so that people can read it


def with_query(path: str, asked: "Iterable[tuple[str, str]] | MultiDict[str, str]") -> str:
    """Return ``path`` with the parameters ``asked``.

    Parameters that strangers chose go through here, never into ``url_for``: there some names
    (``_scheme``, ``_external``, ``endpoint`` …) mean something else and lead off the site.
    """
    pairs = list(asked.items(multi=True) if isinstance(asked, MultiDict) else asked)
    return f"{path}?{urlencode(pairs, safe=SAFE)}" if pairs else path


def abroad(path: str) -> str:
    """Return the full address of ``path``, as it can be sent to others.

    It begins with PUBLIC_URL, never with the host that a request claims to be for.
    """
    return f"{current_app.config['PUBLIC_URL']}{path}"
