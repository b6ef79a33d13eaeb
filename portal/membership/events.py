"""Facts about applications that other parts may react to; each is one move of the history."""

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ApplicationEvent(Event):
    """Base of what happens to one application. ``state`` is where it stands afterwards."""

    ref: str
    state: str
    state_before: str | None

    @property
    def about(self) -> str:
        """The application."""
        return f"application:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class ApplicationBegun(ApplicationEvent):
    name = "application.begun"


@dataclass(frozen=True, kw_only=True)
class ApplicationSent(ApplicationEvent):
    name = "application.sent"


@dataclass(frozen=True, kw_only=True)
class ApplicationSubmitted(ApplicationEvent):
    name = "application.submitted"


@dataclass(frozen=True, kw_only=True)
class ApplicationTaken(ApplicationEvent):
    """Somebody reviews it now: for the first time, or in place of another."""

    name = "application.taken"


@dataclass(frozen=True, kw_only=True)
class ApplicationAskedBack(ApplicationEvent):
    name = "application.asked_back"


@dataclass(frozen=True, kw_only=True)
class ApplicationAnswered(ApplicationEvent):
    name = "application.answered"


@dataclass(frozen=True, kw_only=True)
class ApplicationApproved(ApplicationEvent):
    """``company_id`` is the company that is a member now."""

    name = "application.approved"


@dataclass(frozen=True, kw_only=True)
class ApplicationRefused(ApplicationEvent):
    name = "application.refused"


@dataclass(frozen=True, kw_only=True)
class ApplicationReopened(ApplicationEvent):
    name = "application.reopened"


@dataclass(frozen=True, kw_only=True)
class ApplicationWithdrawn(ApplicationEvent):
    name = "application.withdrawn"


@dataclass(frozen=True, kw_only=True)
class ApplicationNoted(ApplicationEvent):
    """Something was checked, noted or linked by the desk; the state is as before."""

    name = "application.noted"


@dataclass(frozen=True, kw_only=True)
class QuestionnairePublished(Event):
    name = "questionnaire.published"
    version: int
