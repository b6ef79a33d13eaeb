"""What the pages of stock show, for members and at the desk alike."""
