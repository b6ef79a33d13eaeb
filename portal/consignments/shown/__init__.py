"""How consignments are said and asked for: shared by the pages of members, staff and visitors."""
