"""What is done to pages: writing, the way to publication, pictures."""
