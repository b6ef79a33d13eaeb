"""What of the demo stands in the log of events: only what happened lately."""

from typing import Any

from portal.consignments.events import ConsignmentCreated, TrackingEventRecorded
from portal.demo.bulk import instant
from portal.demo.happenings import DAY
from portal.demo.telling import Told

LOGGED = 3 * DAY  # older events leave no trace


def log_rows(row: dict[str, Any], told: Told, now: int) -> list[dict[str, Any]]:
    """Return the log's rows of what was recorded lately."""
    since, before, rows = now - LOGGED, "", []
    for event in told.events:
        if event["recorded_at"] >= since:
            made = _created(row, event) if event["seq"] == 1 else _recorded(row, event, before)
            rows.append(
                {
                    "name": made.name,
                    "company_id": made.company_id,
                    "actor_id": made.actor_id,
                    "about": made.about,
                    "payload": made.payload(),
                    "recorded_at": instant(event["recorded_at"]),
                }
            )
        before = event["status_after"]
    return rows


def _created(row: dict[str, Any], event: dict[str, Any]) -> ConsignmentCreated:
    return ConsignmentCreated(
        actor_id=event["actor_id"],
        company_id=row["company_id"],
        no=row["no"],
        seq=1,
        status=event["status_after"],
        order_ref=row["order_ref"],
        city=row["consignee_city"],
        occurred_at=instant(event["occurred_at"]).isoformat(),
        place=event["place"],
        source=event["source"],
        recorded_at=instant(event["recorded_at"]).isoformat(),
    )


def _recorded(row: dict[str, Any], event: dict[str, Any], before: str) -> TrackingEventRecorded:
    return TrackingEventRecorded(
        actor_id=event["actor_id"],
        company_id=row["company_id"],
        no=row["no"],
        event_id=event["id"],
        seq=event["seq"],
        code=event["code"],
        classifier=event["classifier"],
        status=event["status_after"],
        status_before=before,
        occurred_at=instant(event["occurred_at"]).isoformat(),
        place=event["place"],
        reason=event["reason"],
        note=event["note"],
        source=event["source"],
        published=event["published"],
        retracts=event["retracts_id"],
        piece_id=event["piece_id"],
        recorded_at=instant(event["recorded_at"]).isoformat(),
    )
