"""What is done on the floor beside the goods themselves: tasks taken, presence, undo."""
