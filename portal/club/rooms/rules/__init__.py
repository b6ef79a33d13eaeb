"""Rules of rooms and of question hours."""
