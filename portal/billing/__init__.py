"""Prices: tariffs by zone, what a consignment or a pallet place costs, and a company's terms."""
