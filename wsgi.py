"""Entry point for web servers: ``gunicorn -c gunicorn.conf.py wsgi:app``."""

import gc
import os

gc.disable()  # nothing that is imported is garbage: looking for some takes a fifth of the start

from config import Config  # noqa: E402 - the collector rests meanwhile
from portal import create_app  # noqa: E402

app = create_app(Config.from_env(os.environ))
gc.enable()
