"""Places: where an address lies, how sure that is, and how far two of them are apart."""
