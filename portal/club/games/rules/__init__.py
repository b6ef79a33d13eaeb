"""The rules of the games: pure, so that a score is the same whoever counts it."""
