"""The day of a warehouse, as the clock on its wall says."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.core import clock, i18n


@dataclass(frozen=True)
class Day:
    """From midnight to midnight, in the reader's time zone."""

    begins: datetime
    ends: datetime
    now: datetime

    @property
    def hours(self) -> list[datetime]:
        """The beginnings of the hours until now."""
        count = int((self.now - self.begins).total_seconds() // 3600) + 1
        return [self.begins + timedelta(hours=hour) for hour in range(count)]


def today() -> Day:
    """Return the present day."""
    now = clock.now()
    begins = i18n.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Day(begins.astimezone(now.tzinfo), begins + timedelta(days=1), now)
