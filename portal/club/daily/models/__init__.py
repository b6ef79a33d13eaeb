"""Tables of check-ins, the daily question and raffles."""

from portal.club.daily.models.quiz import QuizAnswer, QuizDay, QuizQuestion
from portal.club.daily.models.raffles import Raffle, RafflePurchase, RaffleTicket, RaffleWin
from portal.club.daily.models.visits import CheckIn, DailyPerson

__all__ = [
    "CheckIn",
    "DailyPerson",
    "QuizAnswer",
    "QuizDay",
    "QuizQuestion",
    "Raffle",
    "RafflePurchase",
    "RaffleTicket",
    "RaffleWin",
]
