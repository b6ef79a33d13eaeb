"""Use cases of advertising: the life of campaigns, and the counting."""
