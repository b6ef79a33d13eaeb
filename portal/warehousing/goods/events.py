"""Facts about goods that other parts may react to."""

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class SkuEvent(Event):
    """Base of what happens to one kind of goods."""

    code: str

    @property
    def about(self) -> str:
        """The owner's goods by their code."""
        return f"sku:{self.company_id}:{self.code}"


@dataclass(frozen=True, kw_only=True)
class SkuCreated(SkuEvent):
    """Goods were entered."""

    name = "sku.created"


@dataclass(frozen=True, kw_only=True)
class SkuChanged(SkuEvent):
    """Goods were changed; ``what``: columns, ``units``, ``picture_key``, ``active``."""

    name = "sku.changed"
    what: list[str]


@dataclass(frozen=True, kw_only=True)
class SkuImported(Event):
    """Goods of a sheet were entered or changed, many at once."""

    name = "sku.imported"
    ref: str
    created: int
    changed: int

    @property
    def about(self) -> str:
        """The sheet."""
        return f"goods_import:{self.ref}"
