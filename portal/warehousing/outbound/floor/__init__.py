"""The floor's screens of goods out: pick, check, pack and stage, ship, put back."""

from flask import Blueprint

from portal.accounts.access import Audience
from portal.warehousing.outbound.floor import (
    back,
    check,
    closing,
    lacking,
    pack,
    pick,
    ship,
    waiting,
)

__all__ = ["closing", "lacking", "screens"]  # the first two add to the screens of others

waiting.join()


def screens(audience: Audience) -> tuple[tuple[Blueprint, str, Audience], ...]:
    """Return the screens as the site map mounts them."""
    return tuple((part.bp, part.SCREEN, audience) for part in (pick, check, pack, ship, back))
