"""Sets made of other goods: recipes, orders to make or to take apart, what was done."""
