"""Reading applications and questionnaires."""
