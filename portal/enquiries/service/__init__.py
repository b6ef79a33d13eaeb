"""Use cases of messages and call-backs."""
