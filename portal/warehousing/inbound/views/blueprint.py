"""The blueprint of the member’s pages of inbound notices."""

from flask import Blueprint

bp = Blueprint("inbound", __name__)
