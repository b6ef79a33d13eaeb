"""Verbs of moving: goods at once, tasks for the floor, pick locations and their replenishment."""
