"""Points: earned by deeds that the portal has seen itself, spent on rewards, told of on boards."""
