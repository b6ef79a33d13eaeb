"""The page of a company at the desk: each part of the portal adds what it knows of it.

A part calls ``provide`` once, where its module is imported; the page asks only for the sections
that its reader has the right to see, in the order in which they were given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.accounts.access import User


@dataclass(frozen=True, kw_only=True)
class Section:
    """What a part knows of a company, ready to be shown.

    ``template`` is rendered with ``values`` under the heading of the section.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    #: How many there are, beside the heading; None: nothing to count.
    count: int | None = None
    #: Where all of them are shown: an address of ours.
    more: str | None = None


#: Gives what it knows of a company (its id) for a reader; None: nothing worth a section.
Source = Callable[[int, User], Section | None]


@dataclass(frozen=True)
class Provided:
    """A section that may stand on the page, and the right that it takes."""

    name: str
    label: Any
    source: Source
    right: str
    order: int


@dataclass(frozen=True)
class Shown:
    """A section as a page shows it; ``name`` is its anchor."""

    name: str
    label: Any
    section: Section


_provided: dict[str, Provided] = {}


def provide(name: str, label: Any, source: Source, right: str, *, order: int = 50) -> None:
    """Add a section to the page, for readers with ``right``; lower orders stand first.

    A source makes a fixed number of statements, however much it finds. The same name again
    replaces what was provided.
    """
    _provided[name] = Provided(name, label, source, right, order)


def sections_for(user: User, company_id: int) -> list[Shown]:
    """Return what this reader may see of a company."""
    found = []
    for each in sorted(_provided.values(), key=lambda one: one.order):
        section = each.source(company_id, user) if user.may(each.right) else None
        if section is not None:
            found.append(Shown(each.name, each.label, section))
    return found
