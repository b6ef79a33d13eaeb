"""Verbs of returns: request, decide, receive, inspect, settle, close."""
