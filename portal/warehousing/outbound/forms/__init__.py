"""Orders as people type them: one by one, or many in a sheet."""
