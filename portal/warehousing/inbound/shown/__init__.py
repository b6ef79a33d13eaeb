"""What pages and papers show of what comes in."""
