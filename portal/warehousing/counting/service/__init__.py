"""Verbs of counts: plan, count, decide."""
