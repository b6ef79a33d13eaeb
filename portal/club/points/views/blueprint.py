"""The blueprint of points."""

from flask import Blueprint

bp = Blueprint("points", __name__)
