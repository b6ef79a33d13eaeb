"""The papers themselves: drawn from ``facts`` alone, without database, settings or language."""
