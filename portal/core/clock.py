"""The one clock: aware UTC instants, the centre's zone, the pause that lets others work."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_zone = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def breathe() -> None:
    """Let other greenlets of this process run; long loops call it every few hundred rows."""
    time.sleep(0)


def set_zone(name: str) -> None:
    """Let the centre's days and months be those of the IANA zone ``name``."""
    global _zone
    _zone = ZoneInfo(name)


def zone() -> ZoneInfo:
    """Return the centre's time zone: the one in which its days and months are counted."""
    return _zone
