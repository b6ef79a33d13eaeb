"""Pages of advertising: how we count, files of creatives, the desk."""
