"""Applications for programs: handing one in, and the desk's moves."""

from portal.membership.api.applications import bp

__all__ = ["bp"]
