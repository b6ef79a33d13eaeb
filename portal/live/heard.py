"""What a table of announcements is made of: a topic's key, and the fields that leave there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Heard:
    """A topic in which an event is heard, and the only fields of it that leave there."""

    key: Callable[[Payload], str | None]
    fields: tuple[str, ...]


def company(e: Payload) -> str | None:
    """Return the topic of the company whose data it is about."""
    return f"company:{e['company_id']}"
