"""What programs send and get about applications."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from portal.core.api import Shape


class ConsentShape(Shape):
    """Whether one may be written to, for a purpose by a channel."""

    purpose: str = Field(max_length=40)
    channel: str = Field(max_length=40)
    given: bool


class NewApplication(Shape):
    """An application: ``answers`` are question key → value, as GET /applications/questions says."""

    answers: dict[str, Any]
    consents: list[ConsentShape] = Field(default_factory=list, max_length=40)
    confirmed: bool
    language: Literal["zh-Hans", "zh-Hant", "en"] = "zh-Hans"


class Approval(Shape):
    """The terms of a new member; without ``account_manager`` the asker looks after it."""

    role: str = "owner"
    payment_terms: str = "prepaid"
    tariff: str | None = None
    account_manager: str | None = Field(default=None, max_length=254)


class Refusal(Shape):
    """Why an application is refused: a code, and words to the applicant."""

    reason: str
    text: str


class InfoRequest(Shape):
    """What the applicant is asked: the keys of the answers, and words."""

    fields: list[str] = Field(min_length=1, max_length=60)
    text: str


class ApplicationAnswer(BaseModel):
    """An application as the list names it."""

    ref: str
    state: str
    name: str | None
    name_en: str | None
    credit_code: str | None
    registration_no: str | None
    country: str | None
    city: str | None
    contact: dict[str, str | None]
    channel: str
    reviewer: str | None
    submitted_at: datetime | None
    due_at: datetime | None
    decided_at: datetime | None
    created_at: datetime
    links: dict[str, str]


class WholeApplication(ApplicationAnswer):
    """An application with its answers and what is known of them."""

    questions_version: int
    answers: dict[str, Any]
    verified: dict[str, Any]
    asked: list[dict[str, Any]]
    history: list[dict[str, Any]]
    likely_same: list[dict[str, Any]]
    reason: str | None
    reason_text: str | None
    company: str | None


class ApplicationList(BaseModel):
    """A page of applications."""

    items: list[ApplicationAnswer]
    next: str | None


class HandedIn(BaseModel):
    """An application that was handed in; ``key`` opens its page and its status."""

    ref: str
    state: str
    key: str
    links: dict[str, str]


class StatusAnswer(BaseModel):
    """Where an application stands, for the one who holds its key."""

    ref: str
    state: str
    submitted_at: datetime | None
    due_at: datetime | None
    asked: dict[str, Any] | None
    reason_text: str | None
