"""What every page needs to look like Quayside: theme, density, brand, versioned assets."""

import hashlib
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from jinja2 import FileSystemBytecodeCache, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

from portal.core import clock, i18n, kept, links, texts

THEMES = ("auto", "light", "dark")
DENSITIES = ("comfortable", "compact")
STATIC_URL = "/static"  # as Flask serves it; asking Flask costs more than all the rest
STATIC = Path(__file__).parent.parent / "static"


class _Template(Template):
    """A template that knows the same globals as every other one, as all of ours do."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        """Return what is imported of it, without comparing two sets of names each time."""
        return super()._get_default_module()


def init_app(app: Flask) -> None:
    """Give the templates of ``app`` their common names (listed in docs/design.md)."""
    app.jinja_env.template_class = _Template
    app.context_processor(_names)
    app.jinja_env.globals.update(
        asset=asset,
        part=kept.part,
        query_with=query_with,
        here_with=here_with,
        now=clock.now,
        url_for=links.to,
    )
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(_compiled(app))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.after_request(_remember)
    texts.init_app(app)
    kept.init_app(app)


def _compiled(app: Flask) -> str:
    """Return the folder of compiled templates: the first visitor after a start need not wait."""
    folder = Path(app.config["INSTANCE"]) / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def _names() -> dict[str, Any]:
    return {
        "locale": i18n.tag(),
        "languages": i18n.LANGUAGES,
        "zone": i18n.zone().key,
        "theme": _choice("theme", THEMES, "auto"),
        "density": _choice("density", DENSITIES, _usual_density()),
        "centre": centre(),
    }


def _choice(name: str, allowed: tuple[str, ...], usual: str) -> str:
    asked = request.args.get(name) or request.cookies.get(name)
    return asked if asked in allowed else usual


def _usual_density() -> str:
    return "compact" if request.path.startswith("/desk") else "comfortable"


def _remember(response: Response) -> Response:
    for name, allowed in (("theme", THEMES), ("density", DENSITIES)):
        asked = request.args.get(name)
        if asked is not None and asked in allowed and request.cookies.get(name) != asked:
            response.set_cookie(
                name, asked, max_age=i18n.YEAR_S, samesite="Lax", secure=i18n.is_secure()
            )
    return response


def centre() -> SimpleNamespace:
    """Return the centre's own name and how to reach it, from the settings."""
    config = current_app.config
    phone, english = config["CENTRE_PHONE"], i18n.tag() == "en"
    return SimpleNamespace(
        name=config["CENTRE_NAME_EN" if english else "CENTRE_NAME"],
        short=config["CENTRE_SHORT_NAME"],
        phone=phone,
        phone_href="tel:" + "".join(c for c in phone if c.isdigit() or c == "+"),
        fax=config["CENTRE_FAX"],
        email=config["CENTRE_EMAIL"],
        address=config["CENTRE_ADDRESS_EN" if english else "CENTRE_ADDRESS"],
    )


def asset(name: str) -> str:
    """Return the URL of a static file with its content's version, so that it caches for ever."""
    return f"{request.script_root}{STATIC_URL}/{name}?v={version(name)}"


@lru_cache(maxsize=512)
def version(name: str) -> str:
    """Return what the content of a static file is named by; "0": there is no such file."""
    try:
        return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    except OSError:
        return "0"


def query_with(**changes: str | None) -> str:
    """Return the present address with query parameters changed; None removes one."""
    if request.endpoint is None:
        return here_with(**changes)
    path = url_for(request.endpoint, **(request.view_args or {}))
    return links.with_query(path, _changed(changes))


def here_with(**changes: str | None) -> str:
    """Return the same relative to the page: alike on every page that has no parameters."""
    return links.with_query("", _changed(changes)) or "?"


def _changed(changes: dict[str, str | None]) -> list[tuple[str, str]]:
    pairs = [(key, value) for key, value in request.args.items(multi=True) if key not in changes]
    return pairs + [(key, value) for key, value in changes.items() if value is not None]
