"""What courses, quizzes, certificates and questions may be and become; pure."""
