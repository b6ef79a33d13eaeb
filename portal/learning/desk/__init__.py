"""What staff do: courses and books, questions, certificates."""

from portal.learning.desk import certificates, editing, questions, works

bp = works.bp
questions_bp = questions.bp
certificates_bp = certificates.bp

__all__ = ["bp", "certificates_bp", "editing", "questions_bp"]
