"""Lots that are held: pages of the owner, of quality and of the floor."""
