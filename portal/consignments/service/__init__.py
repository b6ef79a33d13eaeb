"""What can be done with consignments: one function a verb; none commits, none knows the web."""
