"""Facts about kits that other parts may react to."""

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class RecipeChanged(Event):
    """What a set is made of was said anew; ``version`` 0: it is no longer made."""

    name = "kit.recipe_changed"
    code: str
    version: int

    @property
    def about(self) -> str:
        """The set by its code."""
        return f"sku:{self.company_id}:{self.code}"


@dataclass(frozen=True, kw_only=True)
class KitEvent(Event):
    """Base of what happens to one order of kits; quantities are decimal strings."""

    ref: str
    code: str
    status: str
    warehouse_id: int

    @property
    def about(self) -> str:
        """The order."""
        return f"kit:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class KitOrdered(KitEvent):
    """Sets are to be made (``kind`` make) or taken apart."""

    name = "kit.ordered"
    kind: str
    quantity: str


@dataclass(frozen=True, kw_only=True)
class KitReserved(KitEvent):
    """Goods were looked for again: whether all are promised is in the status."""

    name = "kit.reserved"


@dataclass(frozen=True, kw_only=True)
class KitDone(KitEvent):
    """So many sets were made or taken apart; ``done`` of all, ``undone``: it was taken back."""

    name = "kit.done"
    quantity: str
    done: str
    undone: bool = False


@dataclass(frozen=True, kw_only=True)
class KitCancelled(KitEvent):
    """What is left of it is not done any more."""

    name = "kit.cancelled"
