"""Orders from stock by program."""

from portal.warehousing.outbound.api.orders import bp

__all__ = ["bp"]
