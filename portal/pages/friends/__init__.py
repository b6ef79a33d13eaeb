"""Friendly links: groups of them, proposals by strangers, and whether they still answer."""
