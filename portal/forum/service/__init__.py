"""Verbs of the forum: begin, reply, edit, react, accept, read, follow."""
