"""Secrets handed to people and programs: only their hashes are kept."""

import hashlib
import secrets
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer


def new() -> str:
    """Return a random token of 256 bits, fit for a URL."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what we keep of a token. SHA-256 suffices: tokens are random, not chosen."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def signed(value: Any, purpose: str) -> str:
    """Return a JSON value in a form that only we can have made, good for one ``purpose``."""
    return str(_signer(purpose).dumps(value))


def read_signed(text: str, purpose: str) -> Any:
    """Return the value that ``signed`` was given; None for anything that we did not sign."""
    try:
        return _signer(purpose).loads(text)
    except BadSignature:
        return None


def _signer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=purpose)
