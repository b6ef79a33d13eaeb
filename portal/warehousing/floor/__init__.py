"""The floor: what every screen of a handheld shares, and the tasks that wait there."""
