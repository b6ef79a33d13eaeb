"""The floor's own screens, and the names that every screen's template may use."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from portal.core.headers import SHUT_IN
from portal.warehousing.floor.commands import new_key
from portal.warehousing.floor.queries.recent import recent

bp = Blueprint("floor", __name__)
#: The service worker fetches from this host, and does nothing else.
SHUT_IN["floor.worker"] = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"


@bp.record_once
def _give_names(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(floor_key=new_key, floor_recent=recent)
