"""Password hashes: Argon2id (RFC 9106), rehashed when the cost rises."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from portal.core.aside import aside

#: RFC 9106, second recommended option; the cheap one is for tests.
COSTS = {
    "normal": PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1),
    "test": PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
}
MIN_LENGTH = 10  # characters; NIST SP 800-63B asks for at least 8
MAX_LENGTH = 200


def hasher() -> PasswordHasher:
    """Return the hasher with this installation's cost."""
    return COSTS[current_app.config["PASSWORD_HASH_COST"]]


def hashed(password: str) -> str:
    """Return the hash to keep. Takes tens of milliseconds on purpose."""
    return aside(hasher().hash, password)


def matches(kept: str | None, password: str) -> bool:
    """Return whether ``password`` has the hash ``kept``; as slow when there is none."""
    try:
        return aside(hasher().verify, kept or _nobody(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


_none: dict[str, str] = {}


def _nobody() -> str:
    cost = current_app.config["PASSWORD_HASH_COST"]
    if cost not in _none:
        _none[cost] = hasher().hash("nobody has this password")
    return _none[cost]
