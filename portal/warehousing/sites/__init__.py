"""Where goods lie: warehouses, zones, locations, docks."""
