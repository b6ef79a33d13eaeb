"""Reading of campaigns: what runs now, what the desk sees, what reports add up."""
