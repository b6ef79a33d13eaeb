"""What pages of every day show: check-ins, the question, raffles."""
