"""What is done in the games: rounds are begun and handed in, weeks are closed."""
