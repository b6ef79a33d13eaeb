"""What may be said where and by whom: pure decisions of the forum."""
