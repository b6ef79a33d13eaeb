"""What people type, paste and hand in: a notice with its lines, as a form or as a sheet."""
