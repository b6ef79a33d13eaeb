"""From stock to signature: the consignment that carries an order out, and what becomes of it."""
