"""Sheets read and written, columns understood, cells judged: pure, without app or database."""
