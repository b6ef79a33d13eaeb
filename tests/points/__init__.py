"""Points and rewards."""
