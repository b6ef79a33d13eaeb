"""The key of a message's secret link: made anew from its salt, never kept."""

import hmac
from typing import Any

from portal.core import tokens


def key_of(message: Any) -> str:
    """Return the key that opens ``message`` (a row with ref and salt) to its writer."""
    return tokens.signed(message.salt, f"message {message.ref}").rpartition(".")[2]


def opens(message: Any, key: str) -> bool:
    """Return whether ``key`` is the one of ``message``."""
    return hmac.compare_digest(key_of(message).encode(), key.encode("utf-8", "surrogatepass"))
