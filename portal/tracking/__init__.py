"""Tracking: what strangers with a number, a proof or a link may see of a consignment."""
