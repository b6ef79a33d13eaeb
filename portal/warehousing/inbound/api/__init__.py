"""Inbound notices by program."""

from portal.warehousing.inbound.api.notices import bp

__all__ = ["bp"]
