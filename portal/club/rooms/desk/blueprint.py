"""The blueprint of the desk of rooms."""

from flask import Blueprint

bp = Blueprint("rooms_desk", __name__)
