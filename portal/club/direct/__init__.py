"""Messages between two people of the club, read by nobody else."""
