"""Live rooms of the club, and question hours of the centre's people."""
