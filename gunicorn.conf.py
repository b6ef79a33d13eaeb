"""How gunicorn serves the portal: ``gunicorn -c gunicorn.conf.py wsgi:app``.

One gevent worker a process: a socket costs a greenlet, not a thread. More processes need
REDIS_URL and PostgreSQL (docs/operations.md).
"""

import os
import sys
from importlib import import_module
from types import FrameType
from typing import Any

import gevent
from gunicorn.glogging import Logger
from gunicorn.workers.ggevent import GeventWorker


def _embedded() -> Any:
    """Return ``workers.embedded``.

    Loaded only inside a worker: in the master nothing is patched by gevent yet, and what the
    portal imports there would stay unpatched in every worker.
    """
    return import_module("workers.embedded")


class PortalWorker(GeventWorker):
    """A gevent worker that hangs up its sockets as soon as it is told to end.

    gunicorn would wait its whole grace for them: a socket is a request that never finishes.
    """

    def handle_request(self, *asked: Any) -> Any:
        """Answer, then let the other connections have their turn.

        One that always has its next request ready would otherwise be answered alone.
        """
        answered = super().handle_request(*asked)
        gevent.sleep(0)
        return answered

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Close the sockets beside the signal handler, which must not block."""
        gevent.spawn(_embedded().stop)
        super().handle_exit(sig, frame)


class PortalLog(Logger):
    """gunicorn's log without the words of errors and the addresses that were asked for.

    Whoever sends broken messages chooses the words; addresses may be the keys of shared links.
    """

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Write which error ended a request, in one line."""
        kind = sys.exc_info()[0]
        self.error("A request was ended by %s.", kind.__name__ if kind else "nothing")


_host = os.environ.get("HOST", "127.0.0.1")
bind = f"{f'[{_host}]' if ':' in _host else _host}:{os.environ.get('PORT', '8000')}"
worker_class = PortalWorker
workers = 1
worker_connections = 10_000
backlog = 2048
preload_app = False
timeout = 60  # seconds without a sign of life before a worker is replaced
graceful_timeout = 5  # seconds for requests that are being answered
keepalive = 30
accesslog = None  # the portal writes its own lines, without personal data
errorlog = "-"
logger_class = PortalLog
loglevel = "warning"


def post_worker_init(worker: Any) -> None:
    """Start the relay and the jobs of this process, then say that the portal answers."""
    _embedded().start(worker.wsgi)
    if worker.age == 1 and (welcome := os.environ.get("QUAYSIDE_WELCOME")):
        print(welcome, flush=True)


def worker_int(worker: Any) -> None:
    """Close the sockets and stop the jobs when the process is interrupted."""
    _embedded().stop()


def worker_exit(server: Any, worker: Any) -> None:
    """Close the sockets and stop the jobs before the worker ends."""
    _embedded().stop()
