"""The customer portal: the application factory, and nothing else."""

from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from portal import cli, joined, navigation, site_map, windows
from portal.accounts import login
from portal.consignments import start as consignments
from portal.core import (
    clock,
    db,
    errors,
    headers,
    i18n,
    limits,
    logs,
    look,
    maps,
    migrations,
    packed,
    sessions,
)
from portal.fulfilment import start as fulfilment
from portal.live import sockets
from portal.places import start as places
from portal.promotion import start as promotion

ROOT = Path(__file__).parent.parent
csrf = CSRFProtect()


def create_app(config: Config) -> Flask:
    """Build the web application from ``config``."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    app.config.from_object(config)
    app.session_interface = sessions.Sessions()
    clock.set_zone(config.TIMEZONE)
    cli.init_app(app)
    logs.init_app(app)
    db.init_app(app)
    migrations.init_app(app)
    errors.init_app(app)
    i18n.init_app(app)
    look.init_app(app)
    maps.init_app(app)
    headers.init_app(app)
    packed.init_app(app)
    limits.init_app(app)
    places.init_app(app)
    consignments.init_app()
    promotion.init_app(app)
    fulfilment.init_app(app)
    login.init_app(app)
    csrf.init_app(app)
    site_map.init_app(app, csrf)
    joined.init_app()
    navigation.init_app(app)
    windows.init_app(app)
    sockets.init_app(app)
    if config.TRUSTED_PROXIES:
        count = config.TRUSTED_PROXIES
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app
