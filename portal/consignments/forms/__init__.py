"""Forms of consignments: what was typed is kept as typed, and read beside it."""
