"""What two people do with their messages, and moderators with what was reported."""
