"""Evidence packs: what happened to a consignment, so that a stranger can check it."""
