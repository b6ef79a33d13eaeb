"""How a call of the API is described in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from portal.core.i18n import lazy as _l

PAGE = {
    "after": _l("The “next” of the page before."),
    "limit": _l("How many rows: 1 to 200, usually 50."),
}


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call; ``body`` and ``answer`` are shapes, ``query`` is parameter → meaning."""

    summary: Any
    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    statuses: tuple[int, ...] = (200,)
    query: Mapping[str, Any] = field(default_factory=dict)
    upload: bool = False
    file: str | None = None  # media type of an answer that is no JSON
    public: bool = False
    #: Problems that this call can meet, beside those that every call can.
    problems: tuple[int, ...] = ()
