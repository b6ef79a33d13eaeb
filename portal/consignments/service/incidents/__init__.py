"""Incidents: something wrong with a consignment, beside its state.

Whoever changes one holds the consignment's row and writes through a ``Book``, so that the
counts are always those of the rows. Locks are taken in one order: consignments by number, then
incidents, then counts.
"""

from portal.consignments.service.incidents.noting import note, withdraw

__all__ = ["note", "withdraw"]
