"""The staff's side of consignments: the first page, the board, the list over all companies."""

from portal.consignments.desk import acts, amending, board, home, many, map, one, places, pushing
from portal.consignments.desk.blueprint import board_bp, home_bp, list_bp, map_bp, places_bp

__all__ = [
    "acts",
    "amending",
    "board",
    "board_bp",
    "home",
    "home_bp",
    "list_bp",
    "many",
    "map",
    "map_bp",
    "one",
    "places",
    "places_bp",
    "pushing",
]
