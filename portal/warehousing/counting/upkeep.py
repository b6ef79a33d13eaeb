"""Grading goods once a day, by what moved; it is read before and apart from what is written."""

from portal.core.db import db, end_reading, write
from portal.warehousing.counting.service import grading


def run() -> int:
    """Grade the goods of all warehouses, if that was not done today; return how many."""
    on = db.session.connection()
    rows = grading.graded(on=on) if grading.is_old(on=on) else []
    end_reading()
    return write(lambda on: grading.keep(rows, on=on)) if rows else 0
