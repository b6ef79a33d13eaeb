"""Applications for membership: the questionnaire, its answers, the review at the desk."""
