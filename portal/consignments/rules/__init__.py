"""Decisions about consignments. Pure: no database, no clock, no request."""
