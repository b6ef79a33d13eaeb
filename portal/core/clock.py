"""The one clock: aware UTC instants, the centre's zone, the pause that lets others work."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from gevent import Timeout, idle, monkey

PATIENCE_S = 0.1
_zone = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def breathe() -> None:
    """Let whoever waits in this process go first; long loops call it every few hundred rows.

    Goes on once nobody waits, or after PATIENCE_S: a busy site must not stop an import.
    """
    if monkey.is_module_patched("time"):
        with Timeout(PATIENCE_S, False):
            idle()
    else:
        time.sleep(0)


def set_zone(name: str) -> None:
    """Let the centre's days and months be those of the IANA zone ``name``."""
    global _zone
    _zone = ZoneInfo(name)


def zone() -> ZoneInfo:
    """Return the centre's time zone: the one in which its days and months are counted."""
    return _zone
