"""The members’ club beyond the forum: people, messages, rooms, games, points."""
