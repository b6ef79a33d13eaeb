"""Promotion: advertising zones, campaigns, and what they are measured by (docs/advertising.md)."""
