"""What is done with notices: made, read, mailed, stopped."""
