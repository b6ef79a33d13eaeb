"""Tables of membership: questionnaires, applications, and what is said about them."""

from portal.membership.models.application import Answer, Application, Consent, Paper
from portal.membership.models.onboarding import Onboarding
from portal.membership.models.questionnaire import Questionnaire
from portal.membership.models.review import Ask, Change, Check, Move, Note

__all__ = [
    "Answer",
    "Application",
    "Ask",
    "Change",
    "Check",
    "Consent",
    "Move",
    "Note",
    "Onboarding",
    "Paper",
    "Questionnaire",
]
