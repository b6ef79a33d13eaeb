"""Points as people may see them."""

from portal.club.points.queries.own import balance_for

__all__ = ["balance_for"]
