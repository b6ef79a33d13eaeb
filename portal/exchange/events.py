"""Facts about imports and exports."""

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ImportEvent(Event):
    """Base of what happens to one import; ``person_id`` handed it in (None: a command)."""

    ref: str
    person_id: int | None

    @property
    def about(self) -> str:
        """The import."""
        return f"import:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class ImportProgressed(ImportEvent):
    """Recorded about twenty times an import, not for each row."""

    name = "import.progressed"
    state: str  # checking, running
    progress: int  # of 1000


@dataclass(frozen=True, kw_only=True)
class ImportChecked(ImportEvent):
    name = "import.checked"
    consignments: int
    good: int
    bad: int


@dataclass(frozen=True, kw_only=True)
class ImportFinished(ImportEvent):
    name = "import.finished"
    created: int
    existing: int
    bad: int


@dataclass(frozen=True, kw_only=True)
class ImportFailed(ImportEvent):
    name = "import.failed"


@dataclass(frozen=True, kw_only=True)
class ListExported(Event):
    """Somebody took a list out of the portal."""

    name = "list.exported"
    what: str
    file_format: str

    @property
    def about(self) -> str:
        """The kind of list."""
        return f"export:{self.what}"
