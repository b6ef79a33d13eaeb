"""Goods by program: enter, list, read, change."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request
from flask_login import current_user
from pydantic import Field

from portal.accounts.access import User
from portal.core import limits, pagination
from portal.core.api import Shape, as_json, parsed
from portal.core.db import AnyRow, db, transaction
from portal.core.errors import FieldError, Forbidden, Invalid
from portal.core.i18n import lazy as _l
from portal.core.idempotency import idempotent
from portal.core.quantities import written
from portal.warehousing.goods.queries import Filter, goods_for, sku_for, units_of
from portal.warehousing.goods.queries.many import SORTS
from portal.warehousing.goods.queries.owners import owner_by_ref, owners
from portal.warehousing.goods.rules import changing
from portal.warehousing.goods.rules.draft import MEASURES, Draft, UnitDraft
from portal.warehousing.goods.service import editing

bp = Blueprint("goods_api", __name__)
_PLAIN = tuple(
    name for name in changing.COLUMNS if name not in ("code", "name", "names", "low_stock")
)
_ACTIVE = {"1": True, "true": True, "0": False, "false": False, "all": None}


class UnitShape(Shape):
    """A larger unit: how many base units one holds, and what a full one is."""

    level: str
    holds: Decimal = Field(max_digits=12, decimal_places=3)
    gtin: str | None = None
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None

    def draft(self) -> UnitDraft:
        """Return it as rules know it."""
        return UnitDraft(**self.model_dump())


class SkuChange(Shape):
    """What may be changed of goods; what is not said stays."""

    names: dict[str, str] | None = None
    gtin: str | None = None
    unit: str | None = None
    lot_policy: str | None = None
    has_expiry: bool | None = None
    shelf_life_days: int | None = None
    least_days_in: int | None = None
    least_days_out: int | None = None
    storage_class: str | None = None
    temperature_min_c: int | None = None
    temperature_max_c: int | None = None
    hazard_un: str | None = None
    hazard_class: str | None = None
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    low_stock: Decimal | None = Field(default=None, max_digits=12, decimal_places=3)
    low_cover_days: int | None = None
    over_receipt_bp: int | None = None
    units: list[UnitShape] | None = Field(default=None, max_length=3)
    active: bool | None = None

    def values(self) -> dict[str, Any]:
        """Return what was said of the goods themselves, null where that empties a field."""
        said = {name: getattr(self, name) for name in self.model_fields_set}
        if said.get("units") is not None:
            said["units"] = tuple(unit.draft() for unit in self.units or ())
        for name in ("active", "code"):
            said.pop(name, None)
        return {n: v for n, v in said.items() if v is not None or n in _EMPTIED}


#: Fields that null empties; null for any other one says nothing.
_EMPTIED = frozenset(
    {
        "gtin", "shelf_life_days", "temperature_min_c", "temperature_max_c", "hazard_un",
        "hazard_class", "low_stock", "low_cover_days", *MEASURES,
    }
)  # fmt: skip


class NewSku(SkuChange):
    """New goods: a code and a name at least."""

    code: str


def asker() -> User:
    """Return who asks, having counted the request against his limit."""
    user: User = current_user._get_current_object()
    limits.spend("api", user.person_id)
    return user


@bp.get("/skus")
def index() -> Response:
    """List goods, by words, storage class and whether they are in use."""
    user, args = asker(), request.args
    size = pagination.limit(args.get("limit"))
    page = goods_for(user, _filter(user, args), after=args.get("after"), limit=size)
    items = _shown(user, list(page.items))
    return as_json({"items": items, "next": page.next})


def _filter(user: User, args: Mapping[str, str]) -> Filter:
    company = args.get("company")
    return Filter(
        text=args.get("q", "").strip(),
        storage_class=args.get("storage_class") or None,
        lot_policy=args.get("lot_policy") or None,
        active=_one_of("active", args.get("active", "1"), _ACTIVE),
        company_id=owner_by_ref(company).id if company and user.company_id is None else None,
        sort=_one_of("sort", args.get("sort", "code"), {name: name for name in SORTS}),
    )


def _one_of(name: str, asked: str, known: Mapping[str, Any]) -> Any:
    if asked not in known:
        sentence = _l("Must be one of: %(expected)s.", expected=", ".join(known))
        raise Invalid(_l("Please check what you sent."), [FieldError(name, sentence)])
    return known[asked]


@bp.post("/skus")
@idempotent
def create() -> Response:
    """Enter goods."""
    user = _editor()
    asked = parsed(NewSku)
    draft = Draft(**{"names": {}, **asked.values(), "code": asked.code})
    with transaction():
        on = db.session.connection()
        editing.create(draft, user.company_id or 0, by=user.person_id, on=on)
        if asked.active is False:
            row = sku_for(user, draft.code)
            editing.set_active(row, False, by=user.person_id, on=on)
    code = draft.code.strip().upper()
    return as_json(_one(user, code), 201, Location=f"/api/v1/skus/{code}")


@bp.get("/skus/<code>")
def show(code: str) -> Response:
    """Return one kind of goods; staff say whose by ``?company=``."""
    return as_json(_one(asker(), code))


@bp.patch("/skus/<code>")
@idempotent
def change(code: str) -> Response:
    """Change goods; what the ledger counts by stays as it is once there was stock."""
    user = _editor()
    asked = parsed(SkuChange)
    with transaction():
        on = db.session.connection()
        row = sku_for(user, code, lock=True)
        now = changing.draft_of(row, units_of([row.id], row.company_id, on)[row.id])
        said = Draft(**{**_columns(now), **asked.values()})
        editing.change(row, said, by=user.person_id, on=on)
        if asked.active is not None:
            editing.set_active(row, asked.active, by=user.person_id, on=on)
    return as_json(_one(user, code))


def _columns(draft: Draft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in draft.__dataclass_fields__}


def _editor() -> User:
    user = asker()
    if user.company_id is None or not user.may("goods.edit"):
        raise Forbidden(_l("You do not have the right to do this."))
    return user


def _one(user: User, code: str) -> dict[str, Any]:
    company = request.args.get("company")
    owner = owner_by_ref(company).id if company and user.company_id is None else None
    return _shown(user, [sku_for(user, code, company_id=owner)])[0]


def _shown(user: User, rows: list[AnyRow]) -> list[dict[str, Any]]:
    """Return goods as JSON, with their units, and their owners for staff."""
    on = db.session.connection()
    units: dict[int, Any] = {}
    for owner in sorted({row.company_id for row in rows}):
        units |= units_of([row.id for row in rows if row.company_id == owner], owner, on)
    refs = {} if user.company_id else owners(row.company_id for row in rows)
    return [
        as_sku(row, units.get(row.id, []))
        | ({"company": refs[row.company_id].ref} if row.company_id in refs else {})
        for row in rows
    ]


def as_sku(row: AnyRow, units: list[Any]) -> dict[str, Any]:
    """Return goods as JSON; quantities are decimal strings."""
    return {
        "code": row.code,
        "name": row.name,
        "names": row.names,
        **{name: getattr(row, name) for name in _PLAIN},
        "low_stock": None if row.low_stock is None else written(row.low_stock),
        "units": [
            {
                "level": unit.level,
                "holds": written(unit.holds),
                "gtin": unit.gtin,
                **{name: getattr(unit, name) for name in MEASURES},
            }
            for unit in units
        ],
        "active": row.active,
        "created_at": row.created_at,
        "changed_at": row.changed_at,
        "links": {"self": f"/api/v1/skus/{row.code}"},
    }
