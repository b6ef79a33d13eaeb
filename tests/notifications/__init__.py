"""Notices: who is told of what, where, and when no more."""
