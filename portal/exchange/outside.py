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


class CellProblem(Answer):
    """What is wrong with, or was kept from, one cell of a file."""

    line: int
    column: str | None
    field: str | None
    text: str | None
    message: str
    blocks: bool
    kind: str


class ImportAnswer(Answer):
    """How far an import is, and page by page what is wrong with its rows."""

    id: str
    state: str
    kind: str | None
    name: str
    dry_run: bool
    progress: float
    error: str | None
    counts: dict[str, int | None]
    mapping: dict[str, Any] | None
    created_at: str
    links: dict[str, str]
    errors: list[CellProblem] = []
    next: str | None = None


class AdAnswer(Answer):
    """An advertisement for one reader; ``impression`` is to be reported once it was seen."""

    zone: str
    creative: int
    kind: str
    label: str
    advertiser: str
    alt: str
    impression: str
    visible_share: float
    visible_s: float
    click: str
    html: str
