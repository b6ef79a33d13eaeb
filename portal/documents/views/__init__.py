"""Pages of papers, for members and for the desk."""

from portal.documents.views import many, one

__all__ = ["many", "one"]
