"""The desk's list of goods of every owner."""

from flask import Blueprint, Response, render_template, request

from portal.core import sheets
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.warehousing.goods.queries import Filter, sku_for
from portal.warehousing.goods.queries.owners import owner_by_ref, owners
from portal.warehousing.goods.shown.asked import Asked
from portal.warehousing.goods.shown.columns import headers, rows_for
from portal.warehousing.goods.shown.lists import page_of
from portal.warehousing.goods.views.blueprint import asker
from portal.warehousing.goods.views.many import FILE, address, offers
from portal.warehousing.goods.views.one import around, sent_picture

bp = Blueprint("goods_desk", __name__)
NOBODY = -1  # a company that does not exist


@bp.get("")
def index() -> str:
    """List the goods of every owner, or of one."""
    asked = Asked.of(request.args)
    shown = page_of(asker(), _filter(asked), request.args)
    return render_template(
        "warehousing/goods/desk/index.html",
        asked=asked,
        shown=shown,
        owners=owners(row.company_id for row in shown.rows),
        earlier=shown.before and address("goods_desk.index", asked, before=shown.before),
        further=shown.after and address("goods_desk.index", asked, after=shown.after),
        chips=[(text, address("goods_desk.index", rest)) for text, rest in asked.conditions()],
        **offers(),
    )


def _filter(asked: Asked) -> Filter:
    if not asked.company:
        return asked.filter()
    try:
        return asked.filter(owner_by_ref(asked.company).id)
    except NotFound:
        return asked.filter(NOBODY)


@bp.get(f"/export.{FILE}")
def export(format: str) -> Response:
    """Send the goods that fit as a sheet, with their owners."""
    rows = rows_for(asker(), _filter(Asked.of(request.args)), with_owner=True)
    return sheets.attachment(headers(with_owner=True), rows, _("goods"), format)


@bp.get("/<owner>/<code>")
def detail(owner: str, code: str) -> str:
    """Show everything about one kind of goods of a company."""
    company = owner_by_ref(owner)
    sku = sku_for(asker(), code, company_id=company.id)
    return render_template("warehousing/goods/desk/detail.html", company=company, **around(sku))


@bp.get("/<owner>/<code>/picture/<key>")
def picture(owner: str, code: str, key: str) -> Response:
    """Send the photo of goods."""
    return sent_picture(sku_for(asker(), code, company_id=owner_by_ref(owner).id), key)
