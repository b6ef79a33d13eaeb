"""What scripts, followers and visitors are answered, as shapes."""

from typing import Any

from pydantic import BaseModel

from portal.exchange.answers import Answer, PromiseAnswer


class TokenAnswer(Answer):
    """A key for some hours."""

    token: str
    expires_at: str
    company: str | None


class StreamAnswer(Answer):
    """What has happened since a cursor; ``reset``: read the page anew, too much was missed."""

    cursor: str
    events: list[dict[str, Any]]
    reset: bool


class TrackAnswer(BaseModel):
    """What strangers may see; with a proof or a link also the way."""

    no: str
    status: str
    text: str
    big_step: str
    city: str | None
    promise: PromiseAnswer
    updated_at: str
    events: list[dict[str, Any]] | None = None
    eta: str | None = None
    pieces: int | None = None
    consignee: dict[str, Any] | None = None


class LinkAnswer(BaseModel):
    """A share link; its token and address are answered once, when it is made."""

    id: str
    label: str | None
    precision: str
    created_at: str
    expires_at: str
    revoked_at: str | None
    opened_count: int
    opened_at: str | None
    token: str | None = None
    url: str | None = None


class LinkList(Answer):
    """The share links of a consignment."""

    items: list[LinkAnswer]
    next: str | None
