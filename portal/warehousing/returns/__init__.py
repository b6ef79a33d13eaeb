"""Goods that come back: asked for, received, looked at, put back, scrapped or sent on."""
