"""The desk's list of everything written."""

from flask import render_template, request

from portal.core import pagination
from portal.core.i18n import gettext as _
from portal.pages.desk.blueprint import bp
from portal.pages.queries import desk as queries
from portal.pages.rules.kinds import KINDS, LANGUAGE_NAMES
from portal.pages.rules.lifecycle import STATE_NAMES


@bp.get("")
def index() -> str:
    """Show pages, what changed last first; the filters stand in the address."""
    wanted = queries.Filter.of(request.args)
    limit = pagination.limit(request.args.get("limit"))
    found = queries.listed(wanted, request.args.get("after"), limit)
    return render_template(
        "pages/desk/index.html",
        wanted=wanted,
        found=found,
        counts=queries.counts(),
        kinds=KINDS,
        kind_options=[("", _("all")), *((name, kind.name) for name, kind in KINDS.items())],
        states=STATE_NAMES,
        language_names=LANGUAGE_NAMES,
        title_of=queries.title_of,
    )
