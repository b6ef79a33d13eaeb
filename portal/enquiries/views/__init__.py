"""Pages of messages and call-backs for visitors and members."""
