"""A row understood under a mapping: what reading hands to the assembly."""

from dataclasses import dataclass, field
from typing import Any

from portal.exchange.rules.problems import Problem


@dataclass(slots=True)
class Line:
    """The values of one row by field.

    ``kept`` and ``references`` are texts as given, by header,
    ``sees`` the numbers of the lines that other figures stand on, by field.
    """

    line: int
    values: dict[str, Any]
    kept: dict[str, str] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    sees: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
