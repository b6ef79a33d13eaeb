"""Verbs around stock: look for what is low, tell of it, certify."""
