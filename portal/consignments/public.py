"""What everybody may see of how consignments work: the process page and measured figures."""

from flask import Blueprint, render_template

from portal.consignments.queries import promises
from portal.consignments.rules.moves import MOVES, MOVING
from portal.consignments.rules.vocabulary import VOCABULARY
from portal.consignments.shown.lanes import centre, lanes
from portal.consignments.shown.promised import accuracy_text, published
from portal.consignments.shown.public_figures import charted, measured
from portal.pages import queries as pages
from portal.pages.rules import draw

bp = Blueprint("process", __name__)
#: ``found`` leads back to wherever the goods were; the table of moves cannot say that.
_DRAWN = {str(state): [str(to) for to in moves] for state, moves in MOVES.items()}
DIAGRAM = draw(_DRAWN | {"found": [str(state) for state in MOVING]})


@bp.get("/process")
def index() -> str:
    """Show the states of a consignment, drawn from the table that the portal obeys."""
    return render_template(
        "pages/process.html",
        vocabulary=VOCABULARY.values(),
        diagram=DIAGRAM,
        accuracy=accuracy_text(promises.published()),
    )


pages.provide(measured)
pages.provide(published)
pages.provide_charts(charted)
pages.provide_lanes(lanes)
pages.provide_place(centre)
