"""Verbs of kits: say what a set is made of, order, promise goods, do, undo, cancel."""
