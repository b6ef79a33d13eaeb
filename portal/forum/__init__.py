"""The members' forum: spaces, topics and posts; what each person has read, and what he may do."""
