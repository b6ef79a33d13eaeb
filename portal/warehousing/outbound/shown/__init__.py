"""What pages and programs are shown of goods out."""
