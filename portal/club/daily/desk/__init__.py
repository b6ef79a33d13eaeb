"""The desk of quiz and raffles."""

from portal.club.daily.desk import questions, raffles
from portal.club.daily.desk.blueprint import bp

__all__ = ["bp", "questions", "raffles"]
