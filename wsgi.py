"""Entry point for web servers: ``gunicorn -c gunicorn.conf.py wsgi:app``."""

import os

from config import Config
from portal import create_app

app = create_app(Config.from_env(os.environ))
