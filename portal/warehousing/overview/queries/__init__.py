"""Reads of the supervisor's board, of one warehouse each; every list is short."""
