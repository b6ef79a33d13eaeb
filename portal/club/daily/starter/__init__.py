"""The questions that a centre begins with."""
