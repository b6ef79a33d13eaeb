"""How the supervisor's board is told."""
