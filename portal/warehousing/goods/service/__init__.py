"""Verbs of goods: enter, change, picture, put out of use, read a sheet."""
