"""Pure rules of goods out."""
