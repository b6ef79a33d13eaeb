"""Texts of templates, each translated once for a language.

The library finds language and catalogue anew for every text, and a page has thirty to a hundred.
"""

from functools import lru_cache
from typing import Any

from babel import Locale
from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from portal.core import i18n

MOST = 8192  # texts that are remembered; those of all templates in all languages are fewer


def init_app(app: Flask) -> None:
    """Let the templates of ``app`` say ``_("…")`` at little cost."""
    app.jinja_env.globals["_"] = say


@pass_context
def say(context: Context, text: str, /, **values: Any) -> str:
    """Return ``text`` in the reader's language with ``values`` put in, as Jinja's own does."""
    said = _translated(i18n.spoken(), text)
    return (Markup(said) if context.eval_ctx.autoescape else said) % values  # noqa: S704


@lru_cache(maxsize=MOST)
def _translated(_language: Locale | None, text: str) -> str:
    """Return the translation into the language that is spoken now."""
    return i18n.gettext(str(text))
