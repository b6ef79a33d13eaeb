"""Reads: what is published, what one person has done, what the desk works on."""
