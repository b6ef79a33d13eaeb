"""One kind of goods: everything about it, its photo, in use or not."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.core import files
from portal.core.db import AnyRow, db, transaction, write
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.warehousing.goods.forms import PictureForm
from portal.warehousing.goods.queries import sku_for, units_of
from portal.warehousing.goods.rows import NOT_FOUND
from portal.warehousing.goods.rules.kinds import LOT_POLICIES, STORAGE_CLASSES
from portal.warehousing.goods.service import editing, pictures
from portal.warehousing.goods.shown import words
from portal.warehousing.goods.stored import stored
from portal.warehousing.goods.views.blueprint import asker, bp

YEAR_S = 365 * 24 * 3600


@bp.get("/<code>")
def detail(code: str) -> str:
    """Show everything about one kind of goods."""
    return page(sku_for(asker(), code), PictureForm())


def page(sku: AnyRow, form: PictureForm) -> str:
    """Return the page of goods."""
    return render_template("warehousing/goods/detail.html", form=form, **around(sku))


def around(sku: AnyRow) -> dict[str, Any]:
    """Return goods with what is shown beside them."""
    on = db.session.connection()
    return {
        "sku": sku,
        "units": units_of([sku.id], sku.company_id, on)[sku.id],
        "stored": stored([sku.id], on).get(sku.id),
        "words": words,
        "policies": LOT_POLICIES,
        "classes": STORAGE_CLASSES,
    }


@bp.post("/<code>/picture")
def set_picture(code: str) -> Answer | str | tuple[str, int]:
    """Show the goods by another photo, or by none."""
    sku, form = sku_for(asker(), code), PictureForm()
    sent = request.files.get("picture")
    taking_away = request.form.get("do") == "remove"
    try:
        key = None if taking_away else pictures.keep(sent.read() if sent else b"")
    except PortalError as error:
        form.picture.errors = [str(error)]
        return page(sku, form), 422
    by = asker().person_id
    write(lambda on: editing.set_picture(sku, key, by=by, on=on))
    if sku.picture_key:
        files.forget(sku.picture_key)
    flash(_("The photo is gone.") if taking_away else _("The photo is kept."), "good")
    return redirect(url_for(".detail", code=sku.code))


@bp.get("/<code>/picture/<key>")
def picture(code: str, key: str) -> Response:
    """Send the photo of goods; its address changes with it."""
    return sent_picture(sku_for(asker(), code), key)


def sent_picture(sku: AnyRow, key: str) -> Response:
    """Return the photo of goods; raises NotFound unless ``key`` is that of their photo now."""
    if not sku.picture_key or key != sku.picture_key:
        raise NotFound(NOT_FOUND)
    answer = Response(files.read(sku.picture_key), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = f"private, max-age={YEAR_S}, immutable"
    return answer


@bp.post("/<code>/use")
def use(code: str) -> Answer:
    """Put the goods out of use, or into use again."""
    active = request.form.get("active") == "1"
    with transaction():
        sku = sku_for(asker(), code, lock=True)
        by = asker().person_id
        editing.set_active(sku, active, by=by, on=db.session.connection())
    if active:
        flash(_("%(code)s is in use again.", code=sku.code), "good")
    else:
        flash(_("%(code)s is out of use. What is left of it stays in stock.", code=sku.code))
    return redirect(url_for(".detail", code=sku.code))
