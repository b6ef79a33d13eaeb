"""What staff do with pages: write, review, publish; and the living page of the visual language."""
