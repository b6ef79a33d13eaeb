"""What people do with their cards, and moderators with reported ones."""
