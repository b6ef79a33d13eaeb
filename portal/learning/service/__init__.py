"""What happens to courses, quizzes, certificates and questions; each verb records what it did."""
