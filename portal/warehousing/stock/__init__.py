"""What an owner has: stock, its history, alerts, certificates."""
