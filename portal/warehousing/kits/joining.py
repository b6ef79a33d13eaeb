"""How kits take part in what concerns all goods."""

from portal.warehousing.kits.models import KitOrder, KitRecipe

__all__ = ["KitOrder", "KitRecipe"]


def join() -> None:
    """Let kits be known to the portal: their tables belong to its database."""
