"""Sentences that are kept and said later, to whoever reads them, in his language."""

from typing import Any

from flask_babel import LazyString

from portal.core.i18n import gettext


def kept(message: Any) -> list[Any]:
    """Return a lazy sentence as JSON: [text, {name: value}]; a value may be one itself."""
    if not isinstance(message, LazyString):
        return [str(message), {}]
    return [message._args[0], {name: _value(value) for name, value in message._kwargs.items()}]


def _value(value: Any) -> Any:
    if isinstance(value, LazyString):
        return kept(value)
    return value if isinstance(value, int | str) else str(value)


def said(sentence: list[Any] | None) -> str:
    """Return a kept sentence in the language being spoken now."""
    if not sentence:
        return ""
    text, values = sentence
    if not values:
        return gettext(text)
    told = {name: said(v) if isinstance(v, list) else v for name, v in values.items()}
    return gettext(text, **told)
