"""The applicant's pages."""

from portal.membership.views import answering, beginning, sending, standing, steps
from portal.membership.views.blueprint import bp

__all__ = ["answering", "beginning", "bp", "sending", "standing", "steps"]
