"""The parts of the desk that are about consignments; their pages bind themselves to these."""

from flask import Blueprint

home_bp = Blueprint("desk", __name__)
board_bp = Blueprint("board", __name__)
list_bp = Blueprint("consignments_desk", __name__)
map_bp = Blueprint("map", __name__)
places_bp = Blueprint("places_desk", __name__)
