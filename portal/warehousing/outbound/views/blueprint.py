"""The members' part of orders from stock."""

from flask import Blueprint

bp = Blueprint("outbound", __name__)
