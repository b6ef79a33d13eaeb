"""Facts about tariffs."""

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class TariffEvent(Event):
    """Base of what happens to a tariff."""

    ref: str

    @property
    def about(self) -> str:
        """The tariff."""
        return f"tariff:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class TariffSaved(TariffEvent):
    """A draft was made or changed."""

    name = "tariff.saved"


@dataclass(frozen=True, kw_only=True)
class TariffMoved(TariffEvent):
    """A tariff was put in force or out of it, or shown to visitors."""

    name = "tariff.moved"
    state: str
    is_public: bool
