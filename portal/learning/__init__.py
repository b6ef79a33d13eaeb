"""Learning: courses with a quiz and a certificate, questions to experts, the reading corner."""
