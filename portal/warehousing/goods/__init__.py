"""What members store: SKUs and their units of packing."""
