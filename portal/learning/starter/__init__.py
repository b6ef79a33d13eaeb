"""Courses, books and answered questions that a centre begins with, in three languages."""
