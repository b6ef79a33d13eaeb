"""Tables of companies, people, and the ways they sign in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant

#: Lifecycles of companies whose people may work here.
OPEN = frozenset({"member"})


class Company(Base):
    """An organisation known to the centre; a member once it is approved."""

    __tablename__ = "company"
    __table_args__ = (
        Index("ix_company_name", "name", "id"),
        Index("ix_company_city", "city", "id"),
        Index("ix_company_confirmed_on", "confirmed_on", "id"),
        Index("ix_company_account_manager_id", "account_manager_id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: Public reference, random, such as ``C7K2M9T``.
    ref: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    #: Name in Latin letters, for foreign readers; None: the name serves all.
    name_en: Mapped[str | None]
    #: 统一社会信用代码, checked; None for foreign companies.
    credit_code: Mapped[str | None]
    country: Mapped[str] = mapped_column(default="CN")  # ISO 3166-1 alpha-2
    city: Mapped[str | None]
    region: Mapped[str | None]  # province or state
    #: What it is to the centre: keys of ``rules.KINDS``.
    kinds: Mapped[list[str]] = mapped_column(
        Document, default=lambda: ["shipper"], server_default=text("'[\"shipper\"]'")
    )
    #: prospect, applied, in_review, info_requested, member, refused, suspended, closed
    lifecycle: Mapped[str] = mapped_column(default="member")
    #: How often a consignment may go out for delivery before it must be decided anew.
    attempt_limit: Mapped[int] = mapped_column(default=3)
    #: Who sends, unless an order says otherwise: a PARTY of the API.
    consignor: Mapped[dict[str, object] | None] = mapped_column(Document)
    #: How it pays (``rules.PAYMENT_TERMS``), and by which tariff; None: not agreed yet.
    payment_terms: Mapped[str | None]
    tariff: Mapped[str | None]
    #: Who of the centre looks after it.
    account_manager_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", use_alter=True, name="fk_company_account_manager_id_person")
    )
    #: The day on which its details were last confirmed to be true.
    confirmed_on: Mapped[date | None]
    #: When its owners were asked to confirm them again, and when once more; None: not since.
    confirm_asked_on: Mapped[date | None]
    confirm_reminded_on: Mapped[date | None]
    #: The company that it turned out to be: its rows stand there now, its reference leads there.
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("company.id", use_alter=True, name="fk_company_merged_into_id_company"),
        index=True,
    )
    created_at: Mapped[datetime] = mapped_column(Instant)


class Person(Base):
    """Somebody who can sign in: colleague of companies, or the centre's staff."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)  # lower case
    name: Mapped[str]
    password_hash: Mapped[str | None]
    locale: Mapped[str | None]  # language tag; None: what the browser asks for
    timezone: Mapped[str | None]  # IANA name; None: the centre's
    staff_role: Mapped[str | None]
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    #: The company this person worked for last.
    last_company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Membership(Base):
    """A person's role in a company."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "company_id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), index=True)
    role: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)


class SignIn(Base):
    """One signed-in browser; the cookie holds a token of which only the hash is kept."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: The company the person works for in this browser; None for staff.
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    browser: Mapped[str | None]  # from User-Agent, shortened
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class OneTimeToken(Base):
    """A link that was mailed: to set a password anew."""

    __tablename__ = "one_time_token"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Invitation(Base):
    """An e-mail address that was asked to join a company in a role."""

    __tablename__ = "invitation"
    __table_args__ = (Index("ix_invitation_company", "company_id", "id"), {"info": scope.SCOPED})

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    email: Mapped[str]
    role: Mapped[str]
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class ApiKey(Base):
    """A key for programs: acts as a person, with fewer rights."""

    __tablename__ = "api_key"
    __table_args__ = ({"info": scope.SCOPED},)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    #: The last four characters, so that a person recognises it.
    hint: Mapped[str]
    label: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"), index=True)
    scopes: Mapped[list[str]] = mapped_column(Document)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class CompanyNote(Base):
    """What the centre's people tell each other about a company; its people never see it."""

    __tablename__ = "company_note"
    __table_args__ = (Index("ix_company_note_company", "company_id", "id"), {"info": scope.SCOPED})

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    is_pinned: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    edited_at: Mapped[datetime | None] = mapped_column(Instant)


class SavedView(Base):
    """Conditions of a list at the desk, under a name: for who saved them, or for all staff."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("page", "person_id", "name"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    page: Mapped[str]  # which list, such as companies
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    query: Mapped[str]  # as it stands in the address
    is_shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)


class DefaultView(Base):
    """The saved view with which a list opens for a person."""

    __tablename__ = "default_view"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    page: Mapped[str] = mapped_column(primary_key=True)
    view_id: Mapped[int] = mapped_column(ForeignKey("saved_view.id"), index=True)


class CompanyMerge(Base):
    """That one company turned out to be another: running → done → undoing → undone."""

    __tablename__ = "company_merge"
    __table_args__ = (
        Index("ix_company_merge_gone", "gone_id", "id"),
        Index("ix_company_merge_kept", "kept_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    kept_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    state: Mapped[str]
    #: Columns of either company as they were, by ``gone`` and ``kept``, where they were changed.
    before: Mapped[dict[str, Any]] = mapped_column(Document)
    #: Rows to move when it began, and rows moved so far.
    total: Mapped[int]
    moved: Mapped[int] = mapped_column(default=0)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)


class MergeMove(Base):
    """Rows that a merge has moved, so that undoing it moves exactly these back."""

    __tablename__ = "merge_move"
    __table_args__ = (Index("ix_merge_move_merge", "merge_id", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("company_merge.id"))
    part: Mapped[str]  # of ``merging``
    #: What that part needs to move them back: ids, mostly.
    rows: Mapped[list[Any]] = mapped_column(Document)
