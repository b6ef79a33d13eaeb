"""Three games about the work of the trade; every score is counted again from the moves."""
