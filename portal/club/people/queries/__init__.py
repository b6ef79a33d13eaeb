"""Reading the directory: ``x_for(user, …)`` is the only door from a request to a card."""
