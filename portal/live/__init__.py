"""Live: the one stream of events, for open pages, programs that poll, and webhooks."""
