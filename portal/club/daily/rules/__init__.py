"""Rules of check-ins, of the daily question and of raffles. Pure."""
