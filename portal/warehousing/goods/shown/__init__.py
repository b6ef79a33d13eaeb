"""How goods are shown: words, figures, what a reader asked of a list."""
