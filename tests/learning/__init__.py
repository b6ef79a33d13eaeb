"""Courses, quizzes, certificates, questions to experts, the reading corner."""
