"""Sending commands of the floor as a handheld does."""

from itertools import count
from typing import Any

from portal.core import clock

_keys = count(1)


def send(browser: Any, url: str, **said: Any) -> Any:
    """Send a command with a new key (or the one given) and the clock; return the reply.

    ``reply.json`` has ``cue`` and ``say``, refused or not.
    """
    said = {"key": f"test-{next(_keys):08d}", "at": clock.now().isoformat(), **said}
    headers = {"Accept": "application/json", "X-CSRFToken": browser._token()["csrf_token"]}
    return browser.post(url, json=said, headers=headers)
