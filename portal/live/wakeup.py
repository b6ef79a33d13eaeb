"""Wake-ups between processes: nothing of an event travels here, only that there is one.

Without Redis the processes look every POLL_S by themselves; what is lost on the way costs time,
never an event.
"""

import threading
from typing import Any

import redis
from flask import Flask, current_app

COMMITTED, RELAYED = "quayside:committed", "quayside:relayed"
POLL_S = 0.5
_clients: dict[str, Any] = {}


def _client() -> Any:
    url = current_app.config["REDIS_URL"]
    if url and url not in _clients:
        _clients[url] = redis.Redis.from_url(url, socket_timeout=5)
    return _clients.get(url)


def announce(channel: str = RELAYED) -> None:
    """Tell the other processes that the log has moved (or that something was committed)."""
    if (client := _client()) is not None:
        try:
            client.publish(channel, b"1")
        except redis.RedisError:
            return  # they look by themselves within POLL_S


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
    subscription = redis.Redis.from_url(url).pubsub(ignore_subscribe_messages=True)
    subscription.subscribe(channel)
    for _message in subscription.listen():
        event.set()
