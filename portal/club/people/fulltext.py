"""What a card is found by: the words that it shows, and nothing else."""

from portal.core.fulltext import FullText

CARDS = FullText("club_card_words")
OWNER = 0  # cards belong to nobody: who enters the club may look for all of them
