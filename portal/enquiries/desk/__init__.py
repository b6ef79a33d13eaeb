"""The desk's side of messages: the queue, one message, calls, and closed days."""

from portal.enquiries.desk import calls, days, one, queue
from portal.enquiries.desk.blueprint import bp

calls_bp = calls.bp
days_bp = days.bp

__all__ = ["bp", "calls", "calls_bp", "days", "days_bp", "one", "queue"]
