"""Reading the forum: ``x_for(user, …)`` is the only door from a request to a row."""
