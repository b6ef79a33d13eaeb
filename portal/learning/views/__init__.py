"""What visitors and learners see."""

from portal.learning.views import asking, certificates, courses, learn, reading, study

bp = learn.bp
study_bp = study.bp
ask_bp = asking.bp
verify_bp = certificates.bp

__all__ = ["ask_bp", "bp", "courses", "reading", "study_bp", "verify_bp"]
