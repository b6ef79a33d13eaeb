"""What staff do with pages: write, review, publish; and the living page of the visual language."""

from portal.pages.desk import editing, listing, moving, versions
from portal.pages.desk.blueprint import bp

__all__ = ["bp", "editing", "listing", "moving", "versions"]
