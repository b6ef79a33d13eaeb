"""Consignments: goods a company has us carry, from the order to the proof of delivery."""
