"""What the pages of the games say: words of the scripts, parts of scores, what they teach."""
