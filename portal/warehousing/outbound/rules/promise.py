"""By when an order leaves: the cut-off of its warehouse, on the centre's working days."""

from datetime import UTC, date, datetime, time, timedelta

from portal.core.working import FAR, Hours


def cut_off_of(text: str) -> time:
    """Return the cut-off of a warehouse (``15:00``) as a time of the day."""
    return time.fromisoformat(text)


def ship_by(at: datetime, cut_off: time, hours: Hours, wished_on: date | None = None) -> datetime:
    """Return by when an order that comes in at ``at`` has left, in UTC.

    Before the cut-off of a working day: the end of that day; later: the end of the next one. Not
    before the day that was wished.
    """
    local = at.astimezone(hours.zone)
    first = local.date()
    if local >= _last_call(first, cut_off, hours):
        first += timedelta(days=1)
    return _end_of(max(first, wished_on or first), hours)


def cut_off_on(on: date, cut_off: time, hours: Hours) -> datetime | None:
    """Return until when orders of a day are taken, in UTC; None on days without work."""
    spans = hours.spans(on)
    return min(_at(on, cut_off, hours), spans[-1][1]) if spans else None


def _last_call(on: date, cut_off: time, hours: Hours) -> datetime:
    """Return the cut-off of a day; on a day without work everything comes too late."""
    return cut_off_on(on, cut_off, hours) or _at(on, time.min, hours)


def _at(on: date, at: time, hours: Hours) -> datetime:
    return datetime.combine(on, at, hours.zone).astimezone(UTC)


def _end_of(first: date, hours: Hours) -> datetime:
    days = (first + timedelta(days=ahead) for ahead in range(FAR))
    worked = next((on for on in days if hours.spans(on)), None)
    if worked is None:  # a centre that is closed for so long promises nothing better
        return _at(first + timedelta(days=FAR), time.min, hours)
    return hours.spans(worked)[-1][1]
