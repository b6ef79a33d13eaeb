"""Measured figures by their keys, for the pages that show some of them."""

from collections.abc import Sequence
from typing import Any

from flask import g

from portal.pages.queries.measured import figures


def figures_named(names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the measured figures with these names, in this order; what is not measured lacks."""
    if not names:
        return []
    known = g.get("known_figures")
    if known is None:  # a page names figures in several blocks: they are measured once for it
        known = g.known_figures = {figure.get("key"): figure for figure in figures()}
    return [known[name] for name in names if name in known]
