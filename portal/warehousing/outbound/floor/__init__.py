"""The floor's screens of goods out: pick, check, pack and stage, ship, put back."""

from portal.warehousing.outbound.floor import back, check, pack, pick, ship, waiting

waiting.join()

__all__ = ["back", "check", "pack", "pick", "ship"]
