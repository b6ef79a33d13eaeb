"""The desk's side: the queue, one application, its decision, the questions."""

from portal.membership import dossier
from portal.membership.desk import acts, deciding, one, questions, queue
from portal.membership.desk.blueprint import bp, questions_bp

__all__ = ["acts", "bp", "deciding", "dossier", "one", "questions", "questions_bp", "queue"]
