"""Heavy computing, away from those who wait for an answer.

Greenlets share one thread: whoever computes for long lets all others wait. What is run aside
has a thread of its own, and must use neither the database session nor the request.
"""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import ParamSpec, TypeVar

from gevent import get_hub, monkey

T = TypeVar("T")
P = ParamSpec("P")


def aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what ``work`` returns; raise what it raises.

    Runs in a thread where greenlets would otherwise all wait, else where it is called.
    """
    if not monkey.is_module_patched("threading"):
        return work(*args, **kwargs)
    call = partial(work, *args, **kwargs)
    future: Future[T] = get_hub().threadpool.apply(_settled, (call,))
    return future.result()


def _settled(call: Callable[[], T]) -> "Future[T]":
    """Keep an error in a future: the hub would print a traceback of what is expected."""
    future: Future[T] = Future()
    try:
        future.set_result(call())
    except Exception as error:
        future.set_exception(error)
    return future
