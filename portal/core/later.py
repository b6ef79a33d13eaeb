"""What the web process seldom or never needs, loaded when it is first asked for.

Commands, migrations and some jobs stand on libraries of many megabytes. They are named by
``module:attribute`` and come with the first use; nothing is imported inside a function.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any


def loaded(place: str) -> Any:
    """Return what ``place`` (``module:attribute``) names."""
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)


def function(place: str) -> Callable[..., Any]:
    """Return a function that is loaded when it is called."""

    @cache
    def meant() -> Callable[..., Any]:
        found: Callable[..., Any] = loaded(place)
        return found

    return lambda *args, **kwargs: meant()(*args, **kwargs)
