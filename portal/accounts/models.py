"""Tables of companies, people, and the ways they sign in."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant

#: Lifecycles of companies whose people may work here.
OPEN = frozenset({"member"})


class Company(Base):
    """An organisation known to the centre; a member once it is approved."""

    __tablename__ = "company"

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
