"""The portal under attack: hostile values, strangers, floods, forged requests."""
