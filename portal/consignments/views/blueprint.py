"""The blueprint that the pages of consignments share."""

from flask import Blueprint

bp = Blueprint("consignments", __name__)
