"""Whether what was made sure of is still what the application says."""

from typing import Any

from portal.membership.service.filling import value_hash


def holds(check: Any, value: Any) -> bool:
    """Return whether a check still speaks of the present answer."""
    return bool(check.value_hash == value_hash(value))
