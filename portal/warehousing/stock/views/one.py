"""The page of one article."""

from flask import render_template

from portal.warehousing.goods.queries import sku_for
from portal.warehousing.stock.shown.one import article
from portal.warehousing.stock.views.blueprint import asker, bp, side


@bp.get("/<code>")
def sku(code: str) -> str:
    """Show what there is of an article: where, in which lots, over time, and what happened."""
    return render_template("warehousing/stock/sku.html", **article(side(), sku_for(asker(), code)))
