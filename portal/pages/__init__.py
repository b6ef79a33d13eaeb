"""Pages anyone may read: home, the centre, its services, its process, how to reach it."""
