"""The members' directory: who wants to be found, what his company offers and looks for."""
