"""The blueprint of what is done every day."""

from flask import Blueprint

bp = Blueprint("daily", __name__)
