"""The owner's pages of returns."""

from portal.warehousing.returns.views import acts, asking, many
from portal.warehousing.returns.views.blueprint import bp

__all__ = ["acts", "asking", "bp", "many"]
