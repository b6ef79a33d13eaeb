"""What is done with points: entries, boards."""
