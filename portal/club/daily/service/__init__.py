"""What is done every day: check in, answer, take tickets; what the desk and the worker do."""
