"""Counts at the desk: planned, followed, decided."""

from portal.warehousing.counting.desk import acts, index, planning
from portal.warehousing.counting.desk.blueprint import bp

__all__ = ["acts", "bp", "index", "planning"]
