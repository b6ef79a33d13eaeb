"""Advertising at the desk."""

from portal.promotion.views.desk import board, editor, one
from portal.promotion.views.desk.ways import bp

__all__ = ["board", "bp", "editor", "one"]
