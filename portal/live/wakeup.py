"""Wake-ups between processes: nothing of an event travels here, only that there is one.

Without Redis the processes look every POLL_S by themselves; what is lost on the way costs time,
never an event. Nobody who has committed waits for Redis: a thread of the process does.
"""

import threading
from typing import Any

import redis
from flask import Flask, current_app

#: Something was committed (for the relay), a job was owed (for workers), the log has moved on.
COMMITTED, OWED, RELAYED = "quayside:committed", "quayside:owed", "quayside:relayed"
POLL_S = 0.5
ANSWERS_WITHIN_S = 2.0
_callers: dict[str, "Caller"] = {}


class Caller:
    """A thread that calls others; whoever commits only leaves it a note."""

    def __init__(self, url: str) -> None:
        self._redis = _client(url)
        self._channels: set[str] = set()
        self._noted = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def note(self, channel: str) -> None:
        """Have ``channel`` called soon; many notes may become one call."""
        self._channels.add(channel)
        self._noted.set()

    def _run(self) -> None:
        while True:
            self._noted.wait()
            self._noted.clear()
            while self._channels:
                self._call(self._channels.pop())

    def _call(self, channel: str) -> None:
        try:
            self._redis.publish(channel, b"1")
        except redis.RedisError:
            return  # they look by themselves within POLL_S


def announce(channel: str = RELAYED) -> None:
    """Tell the other processes that the log has moved on, or what ``channel`` says."""
    url = current_app.config["REDIS_URL"]
    if not url:
        return
    if url not in _callers:
        _callers[url] = Caller(url)
    _callers[url].note(channel)


def listen(app: Flask, channel: str, event: threading.Event) -> None:
    """Set ``event`` on every wake-up of ``channel``; does nothing without Redis. Blocks."""
    if not app.config["REDIS_URL"]:
        return
    while True:
        try:
            _listen(app.config["REDIS_URL"], channel, event)
        except redis.RedisError:
            threading.Event().wait(POLL_S)


def _listen(url: str, channel: str, event: threading.Event) -> None:
    subscription = _client(url).pubsub(ignore_subscribe_messages=True)
    subscription.subscribe(channel)
    while True:
        event.set()  # at first too: what was called meanwhile was not heard
        while subscription.get_message(timeout=60.0) is None:
            continue


def _client(url: str) -> Any:
    return redis.Redis.from_url(
        url,
        socket_timeout=ANSWERS_WITHIN_S,
        socket_connect_timeout=ANSWERS_WITHIN_S,
        socket_keepalive=True,
        health_check_interval=10,
    )
