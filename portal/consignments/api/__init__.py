"""The JSON API of consignments and of what happens to them."""
