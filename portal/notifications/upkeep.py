"""What is done about notices by itself, beside the reader of the log."""

from portal.notifications import mailing
from portal.notifications.service import following, recounting


def run() -> int:
    """Count anew, remind, mail; return how many people something was done for."""
    done = recounting.run_due()
    following.remind()
    return done + mailing.run_due()
