"""What happened around stock, beside its movements."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class StockExported(Event):
    """Somebody took a list of stock or of movements away."""

    name: ClassVar[str] = "stock.exported"
    what: str
    file_format: str


@dataclass(frozen=True, kw_only=True)
class StockCertified(Event):
    """The centre certified what an owner had."""

    name: ClassVar[str] = "stock.certified"
    ref: str

    @property
    def about(self) -> str | None:
        """Name the certificate."""
        return f"certificate:{self.ref}"
