"""How advertisements look: the same fragment in a page, from the API and at the desk."""
