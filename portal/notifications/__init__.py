"""What people are told of: on a page of theirs, by mail, once a day, or not at all."""
