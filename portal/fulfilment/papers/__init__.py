"""Papers of orders that leave: carton labels, packing lists, release notes."""
