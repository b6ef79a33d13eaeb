"""Places with what lies in them: occupancy, the floor plan, the desk's pages, labels."""
