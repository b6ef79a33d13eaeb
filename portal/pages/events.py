"""Facts about pages that other features may react to."""

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class PageEvent(Event):
    """Base of what happens to one page; ``number`` is the version it happened to."""

    page_id: int
    kind: str
    slug: str
    number: int

    @property
    def about(self) -> str:
        """The page."""
        return f"page:{self.page_id}"


@dataclass(frozen=True, kw_only=True)
class PageWritten(PageEvent):
    """A new version was saved."""

    name = "page.written"


@dataclass(frozen=True, kw_only=True)
class PageSubmitted(PageEvent):
    """The newest version was sent to review."""

    name = "page.submitted"


@dataclass(frozen=True, kw_only=True)
class PageSentBack(PageEvent):
    """A reviewer asked for changes, or what was scheduled could not be published."""

    name = "page.sent_back"


@dataclass(frozen=True, kw_only=True)
class PageScheduled(PageEvent):
    """The newest version is to be published at an instant."""

    name = "page.scheduled"
    publish_at: str


@dataclass(frozen=True, kw_only=True)
class PageUnscheduled(PageEvent):
    """The newest version is no longer to be published by the clock."""

    name = "page.unscheduled"


@dataclass(frozen=True, kw_only=True)
class PagePublished(PageEvent):
    """The version is what everybody reads from now on."""

    name = "page.published"
    languages: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PageArchived(PageEvent):
    """The page is not shown any more."""

    name = "page.archived"


@dataclass(frozen=True, kw_only=True)
class PageDeleted(PageEvent):
    """A draft that nobody had read in public is gone."""

    name = "page.deleted"
