"""Reading messages: each of the two his own, a moderator what was reported."""
