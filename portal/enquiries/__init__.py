"""Messages from visitors and members, their answers, and requests to be called back."""
