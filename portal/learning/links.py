"""The key of a question's secret link: made anew from its salt, never kept."""

import hmac
from typing import Any

from portal.core import tokens


def key_of(question: Any) -> str:
    """Return the key that opens ``question`` (a row with ref and salt) to its writer."""
    return tokens.signed(question.salt, f"question {question.ref}").rpartition(".")[2]


def opens(question: Any, key: str) -> bool:
    """Return whether ``key`` is the one of ``question``."""
    return hmac.compare_digest(key_of(question).encode(), key.encode("utf-8", "surrogatepass"))
