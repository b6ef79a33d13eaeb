"""What goes wrong beside the state: incidents, their steps, their counts, who is told."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Identity, Instant


def _where(name: str, *columns: str, condition: str, unique: bool = False) -> Index:
    """Return an index of the rows for which ``condition`` holds, on both databases."""
    only = text(condition)
    return Index(name, *columns, unique=unique, sqlite_where=only, postgresql_where=only)


class Incident(Base):
    """Something wrong, beside the state: open, acknowledged, working, resolved, written_off."""

    __tablename__ = "incident"
    __table_args__ = (
        _where(
            "uq_incident_open_class",
            "consignment_id",
            "kind",
            condition="closed_at IS NULL",
            unique=True,
        ),
        _where("ix_incident_due", "due_at", "id", condition="closed_at IS NULL"),
        _where("ix_incident_closed", "closed_at", "id", condition="closed_at IS NOT NULL"),
        _where("ix_incident_tell", "tell_at", "company_id", condition="tell IS NOT NULL"),
        Index("ix_incident_company", "company_id", "id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    consignment_id: Mapped[int] = mapped_column(ForeignKey("consignment.id"), index=True)
    kind: Mapped[str]  # class of incident, see rules.incidents
    reason: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")
    #: Foreseen and not true yet; only lateness is foreseen.
    predicted: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    owner_visible: Mapped[bool] = mapped_column(default=True)
    opened_by: Mapped[str] = mapped_column(default="event", server_default="event")  # rule, person
    opened_by_event_id: Mapped[int | None] = mapped_column(ForeignKey("tracking_event.id"))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    #: The clock of its class: until when somebody must have closed it.
    due_at: Mapped[datetime] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_reason: Mapped[str | None]  # see rules.incidents
    #: What its owner must be told yet (opened, changed, resolved), and from when; None: nothing.
    tell: Mapped[str | None]
    tell_at: Mapped[datetime | None] = mapped_column(Instant)
    #: When its owner was first told of it.
    told_at: Mapped[datetime | None] = mapped_column(Instant)


class IncidentStep(Base):
    """What was done about an incident, by whom. Appended, never edited."""

    __tablename__ = "incident_step"
    __table_args__ = (
        Index("ix_incident_step_incident", "incident_id", "id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    #: opened, again, came_true, acknowledged, assigned, working, noted, resolved, written_off,
    #: told, undone
    action: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: by rule
    state_before: Mapped[str | None]
    state: Mapped[str]
    assigned_before_id: Mapped[int | None]
    assigned_to_id: Mapped[int | None]
    reason: Mapped[str | None]
    note: Mapped[str | None]
    owner_visible: Mapped[bool] = mapped_column(default=False)


class IncidentCount(Base):
    """How many incidents of a class are in a state; kept by whoever changes one."""

    __tablename__ = "incident_count"
    __table_args__ = ({"info": scope.SCOPED},)

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    #: Those of them that the owner may know of.
    owners: Mapped[int]


class IncidentFigure(Base):
    """How many incidents of a class were opened in a month; kept by whoever opens one."""

    __tablename__ = "incident_figure"
    __table_args__ = ({"info": scope.SCOPED},)

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)  # YYYY-MM in the centre's time zone
    kind: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    owners: Mapped[int]


class IncidentMute(Base):
    """A colleague who does not want mail about a company's incidents."""

    __tablename__ = "incident_mute"
    __table_args__ = ({"info": scope.SCOPED},)

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class IncidentWatch(Base):
    """How far the rules have read the log. One row."""

    __tablename__ = "incident_watch"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    position: Mapped[int] = mapped_column(Identity)
