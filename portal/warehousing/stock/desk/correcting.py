"""One movement at the desk, and its correction: by counter-entries, with a note."""

from secrets import token_urlsafe
from typing import Any

from flask import Response, flash, redirect, render_template
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from portal.core.db import write
from portal.core.errors import Refused
from portal.core.i18n import gettext as _
from portal.warehousing.ledger.queries.entries import movement_for
from portal.warehousing.ledger.service import apart
from portal.warehousing.ledger.service.commands import Command, once
from portal.warehousing.ledger.service.posting import reverse
from portal.warehousing.stock.desk.blueprint import asker, bp, side
from portal.warehousing.stock.forms import CorrectionForm
from portal.warehousing.stock.queries.found import owners
from portal.warehousing.stock.shown.listing import WORDS
from portal.warehousing.stock.shown.photos import shown


@bp.get("/movements/<int:number>")
def movement(number: int) -> str:
    """Show one movement with its entries, and the form of a correction."""
    form = CorrectionForm()
    form.key.data = token_urlsafe(12)
    return _page(number, form)


def _page(number: int, form: CorrectionForm, error: str = "") -> str:
    found, entries = movement_for(asker(), number)
    return render_template(
        "warehousing/stock/movement.html",
        side=side(),
        movement=found,
        entries=entries,
        form=form,
        error=error,
        refs={row.id: row.ref for row in owners()},
        **WORDS,
    )


@bp.get("/movements/<int:number>/photo")
def photo(number: int) -> Response:
    """Send the photo of a movement."""
    return shown(movement_for(asker(), number)[0])


@bp.post("/movements/<int:number>/correct")
def correct(number: int) -> Answer | tuple[str, int]:
    """Undo a movement by its counter-entries."""
    found, _entries = movement_for(asker(), number)
    form = CorrectionForm()
    if not form.validate_on_submit():
        return _page(number, form), 422
    user, note = asker(), str(form.note.data).strip()
    command = Command(str(form.key.data), "stock.correct", {"movement": number, "note": note})

    def work(on: Connection) -> dict[str, Any]:
        made = reverse(number, found.company_id, by=user.person_id, note=note, on=on)
        if found.kind == "status":
            apart.follow(made.id, found.company_id, on=on)
        return {"movement": made.id}

    try:
        answer = write(lambda on: once(command, user, work, on=on))
    except Refused as error:
        return _page(number, form, str(error)), 409
    flash(_("Undone. The counter-entry stands in the ledger."), "good")
    return redirect(side().url("movement", number=answer["movement"]))
