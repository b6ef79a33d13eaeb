"""Inquiries and applications that followed a click: the job that ``core.attribution`` owes."""

from datetime import UTC, datetime
from typing import Any

from portal.core import clock
from portal.core.db import db, transaction
from portal.promotion.service import counting
from portal.promotion.service.counting import Followed


def convert(payload: dict[str, Any]) -> None:
    """Count what the payload tells of, once, for the latest click that still counts."""
    at = datetime.fromtimestamp(payload["at"], UTC)
    day = at.astimezone(clock.zone()).date()
    clicks = [
        Followed(campaign, creative, zone, datetime.fromtimestamp(clicked, UTC))
        for campaign, creative, zone, clicked in payload["clicks"]
    ]
    with transaction():
        on = db.session.connection()
        counting.convert(payload["kind"], payload["ref"], clicks, at=at, day=day, on=on)
