"""Heavy reading, away from those who wait for an answer."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

from gevent import get_hub, monkey

T = TypeVar("T")


def aside(work: Callable[[], T]) -> T:
    """Run ``work`` in a thread where greenlets would otherwise all wait.

    It must use neither the database session nor the request.
    """
    if monkey.is_module_patched("threading"):
        result: T = get_hub().threadpool.apply(work)
        return result
    return work()


def batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    """Yield lists of ``size`` items, each made aside."""
    while batch := aside(lambda: list(islice(items, size))):
        yield batch
