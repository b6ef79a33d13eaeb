"""The centre's part of orders from stock, and of waves."""

from flask import Blueprint

bp = Blueprint("outbound_desk", __name__)
waves_bp = Blueprint("waves_desk", __name__)
types_bp = Blueprint("carton_types", __name__)
