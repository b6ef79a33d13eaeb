"""Groups of commands: what is expected to fail is said in a sentence, not as a traceback."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask.cli import AppGroup

from portal.core.errors import PortalError


class Commands(AppGroup):
    """A group whose commands end with the sentence of a PortalError."""

    def command(self, *args: Any, **kwargs: Any) -> Callable[..., click.Command]:  # type: ignore[override]
        """Add a command, as ``AppGroup.command`` does."""
        made = super().command(*args, **kwargs)
        return lambda function: made(speaking_plainly(function))


def speaking_plainly(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` with every PortalError turned into a message on the terminal."""

    @wraps(function)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except PortalError as fault:
            raise click.ClickException(str(fault)) from fault

    return told
