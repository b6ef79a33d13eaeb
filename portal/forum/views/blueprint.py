"""The blueprint of the club."""

from flask import Blueprint

from portal.forum.entering import check_open, check_voice, entered, is_held, reader

__all__ = ["bp", "check_open", "check_voice", "entered", "is_held", "reader"]
bp = Blueprint("club", __name__)
