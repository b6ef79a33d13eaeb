"""Entries of the ledger in words, with a way to what they are about."""

from portal.club.points.shown.causes import Shown, provide, shown

__all__ = ["Shown", "provide", "shown"]
