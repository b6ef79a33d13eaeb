"""The blueprint of the desk of quiz and raffles."""

from flask import Blueprint

bp = Blueprint("daily_desk", __name__)
