"""The staff's side of consignments: the first page, the board, the list over all companies."""

from portal.consignments.desk import board, pushing
from portal.consignments.desk.blueprint import board_bp

__all__ = ["board", "board_bp", "pushing"]
