"""Figures of the club: who is active, what is asked and answered, how long people wait."""
