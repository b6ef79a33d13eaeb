"""Decisions about pages: their kinds, their lifecycle, their blocks, and the diagram of states."""

from portal.pages.rules.diagram import ASIDE, Diagram, Edge, Node, draw

__all__ = ["ASIDE", "Diagram", "Edge", "Node", "draw"]
