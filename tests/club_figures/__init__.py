"""Figures of the club."""
