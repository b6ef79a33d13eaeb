"""Finds what goes wrong by rule, closes what is right again, and tells the owners."""

from flask import current_app

from portal.consignments.service.incidents import telling, watching
from portal.core import clock


def run_once() -> int:
    """Look at a batch of what happened and of what is due, then tell; return how much was done."""
    hours = current_app.config["INCIDENT_HOURS"]
    done = watching.read_log(hours)
    clock.breathe()
    done += watching.check_due(hours)
    clock.breathe()
    return done + telling.tell_due()
