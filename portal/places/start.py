"""What is said of places when the portal starts."""

import structlog
from flask import Flask

from portal.places import elsewhere, gazetteer

log = structlog.get_logger()
MISSING = (
    "There is no gazetteer: orders get no co-ordinates. "
    "Run python3 dev.py setup, or flask --app wsgi places load, and start again."
)


def init_app(app: Flask) -> None:
    """Take the geocoder of the settings; say it where the gazetteer is missing."""
    elsewhere.use(app.config["GEOCODER_URL"])
    app.jinja_env.globals["places_attribution"] = gazetteer.ATTRIBUTION
    if not gazetteer.is_there():
        log.warning("places.no_gazetteer", file=str(gazetteer.FILE), advice=MISSING)
