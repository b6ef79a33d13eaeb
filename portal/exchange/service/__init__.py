"""What can be done with an import: receive, map, check, choose, post, cancel."""
