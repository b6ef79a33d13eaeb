"""The blueprint of the desk’s pages of inbound notices."""

from flask import Blueprint

bp = Blueprint("inbound_desk", __name__)
