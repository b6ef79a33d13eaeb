"""Tests of messages between two people, and of the members' directory."""
