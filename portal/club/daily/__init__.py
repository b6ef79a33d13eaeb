"""Every day in the club: check-in, one question, raffles."""
