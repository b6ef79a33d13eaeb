"""Groups of commands: what is expected to fail is said in a sentence, not as a traceback."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import click
from flask.cli import AppGroup

from portal.core import later
from portal.core.errors import PortalError


class Commands(AppGroup):
    """A group whose commands end with the sentence of a PortalError."""

    def command(self, *args: Any, **kwargs: Any) -> Callable[..., click.Command]:  # type: ignore[override]
        """Add a command, as ``AppGroup.command`` does."""
        made = super().command(*args, **kwargs)
        return lambda function: made(speaking_plainly(function))


class LaterCommands(AppGroup):
    """Commands that are loaded when they are asked for; ``places`` says from where, by name."""

    def __init__(self, name: str, places: Mapping[str, str]) -> None:
        super().__init__(name)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, loaded or not."""
        return sorted({*super().list_commands(ctx), *self._places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; load it if nobody has asked for it before."""
        if cmd_name in self._places and cmd_name not in self.commands:
            self.add_command(later.loaded(self._places[cmd_name]), cmd_name)
        return super().get_command(ctx, cmd_name)


def speaking_plainly(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` with every PortalError turned into a message on the terminal."""

    @wraps(function)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except PortalError as fault:
            raise click.ClickException(str(fault)) from fault

    return told
