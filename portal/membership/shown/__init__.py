"""Answers as people read them: on pages, in mails and on paper."""
