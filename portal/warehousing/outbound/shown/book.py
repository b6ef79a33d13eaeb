"""Entries of address books to choose a consignee from; whoever keeps them provides them."""

from collections.abc import Callable, Sequence
from typing import Any

from portal.accounts.access import User

Source = Callable[[User], Sequence[Any]]
_sources: list[Source] = []


def provide(source: Source) -> None:
    """Let entries come from ``source(user)``: ref, name, phone, address, city, country, postcode.

    It gives none to somebody who may not see them.
    """
    _sources[:] = [source]


def entries(user: User) -> Sequence[Any]:
    """Return the entries that somebody may choose from."""
    return [entry for source in _sources for entry in source(user)]
