"""Looking: the list over all owners, one article, movements, what a scanned code stands for."""

from typing import Any

from flask import Response, render_template, request

from portal.core import sheets
from portal.core.db import transaction
from portal.core.events import record
from portal.core.i18n import gettext as _
from portal.warehousing.goods.queries import sku_for
from portal.warehousing.ledger.queries import balances
from portal.warehousing.stock.desk.blueprint import FILE, asker, bp, company_id, side
from portal.warehousing.stock.events import StockExported
from portal.warehousing.stock.queries import found
from portal.warehousing.stock.shown import moved
from portal.warehousing.stock.shown.asked import Asked, AskedEntries, clean
from portal.warehousing.stock.shown.listing import WORDS, chosen, listing
from portal.warehousing.stock.shown.one import article


def _companies(owners: list[Any]) -> dict[str, Any]:
    return {
        "company_choices": [("", _("All companies")), *((row.ref, row.name) for row in owners)],
        "refs": {row.id: row.ref for row in owners},
        "names": {row.id: row.name for row in owners},
    }


@bp.get("")
def index() -> str:
    """List the goods of every owner with what there is of them."""
    owners = found.owners()
    shown = listing(side(), company_id(owners))
    return render_template("warehousing/stock/index.html", **shown, **_companies(owners))


@bp.get("/rows")
def rows() -> str:
    """Show the rows of the list, for pages that follow the warehouse."""
    owners = found.owners()
    shown = listing(side(), company_id(owners))
    return render_template("warehousing/stock/_rows.html", **shown, **_companies(owners))


@bp.get("/of/<company>/<code>")
def sku(company: str, code: str) -> str:
    """Show what there is of an article of a company."""
    owner = found.owner_by(company)
    row = sku_for(asker(), code, company_id=owner.id)
    return render_template(
        "warehousing/stock/sku.html", **article(side(), row, company), owner=owner
    )


@bp.get("/movements")
def movements() -> str:
    """List what happened to all goods, the newest first."""
    owners = found.owners()
    shown = moved.moved(side(), company_id(owners))
    return render_template("warehousing/stock/movements.html", **shown, **_companies(owners))


@bp.get(f"/stock.{FILE}")
def export(format: str) -> Response:
    """Send what there is of every owner, as the list is narrowed."""
    here, asked, owners = side(), Asked.of(request.args), found.owners()
    asked.at()
    warehouses = here.warehouses()
    wanted = asked.wanted(
        warehouse_id=chosen(asked.warehouse, warehouses),
        company_id=company_id(owners),
        within=here.within(warehouses),
    )
    _note("stock", format)
    names = {row.id: row.name for row in owners}
    rows = moved.level_rows(here, asked, wanted, names)
    return sheets.attachment(moved.level_headers(with_company=True), rows, _("stock"), format)


@bp.get(f"/movements.{FILE}")
def export_movements(format: str) -> Response:
    """Send the movements of every owner, as the list is narrowed."""
    here = side()
    wanted = moved.wanted_of(here, AskedEntries.of(request.args), company_id(found.owners()))
    _note("stock-entries", format)
    headers = moved.entry_headers(with_company=True)
    return sheets.attachment(headers, moved.entry_rows(here, wanted), _("movements"), format)


def _note(what: str, file_format: str) -> None:
    with transaction():
        taken = StockExported(
            actor_id=asker().person_id, company_id=None, what=what, file_format=file_format
        )
        record(taken)


@bp.get("/find")
def find() -> str:
    """Show what lies at a location or on a handling unit, by its barcode or code."""
    code, here = clean(request.args.get("code", "")), side()
    unit = found.unit_by(here.user, code) if code else None
    place = None
    if code and unit is None:
        place = found.location_by(code, tuple(row.id for row in here.warehouses()))
    lying: Any = []
    if unit is not None:
        lying = balances.in_unit(here.user, unit.id)
    elif place is not None:
        lying = balances.at_location(here.user, place.id)
    return render_template(
        "warehousing/stock/desk/find.html",
        side=here,
        code=code,
        unit=unit,
        place=place,
        lying=lying,
        goods=found.skus_of({row.sku_id for row in lying}),
        **_companies(found.owners()),
        **WORDS,
    )
