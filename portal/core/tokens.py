"""Secrets handed to people and programs: only their hashes are kept."""

import hashlib
import secrets


def new() -> str:
    """Return a random token of 256 bits, fit for a URL."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what we keep of a token. SHA-256 suffices: tokens are random, not chosen."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
