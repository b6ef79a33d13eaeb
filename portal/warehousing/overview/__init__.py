"""The supervisor's view: docks, waves, tasks, people and what the day brought, live."""
