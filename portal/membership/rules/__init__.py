"""What is decided about applications without a database."""
