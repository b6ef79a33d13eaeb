"""What the API answers about goods, as shapes. Quantities are decimal strings."""

from portal.exchange.answers import Answer


class Measured(Answer):
    """Grams of a full unit, and its lengths in millimetres; null: not known."""

    weight_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None


class SkuUnit(Measured):
    """A larger unit: inner, case or pallet; ``holds``: base units in one."""

    level: str
    holds: str
    gtin: str | None


class SkuAnswer(Measured):
    """One kind of goods; ``company`` is shown to staff only."""

    code: str
    name: str
    names: dict[str, str]
    gtin: str | None
    unit: str
    lot_policy: str
    has_expiry: bool
    shelf_life_days: int | None
    least_days_in: int
    least_days_out: int
    storage_class: str
    temperature_min_c: int | None
    temperature_max_c: int | None
    hazard_un: str | None
    hazard_class: str | None
    low_stock: str | None
    low_cover_days: int | None
    over_receipt_bp: int
    units: list[SkuUnit]
    active: bool
    created_at: str
    changed_at: str
    links: dict[str, str]
    company: str | None = None


class SkuList(Answer):
    """A page of goods."""

    items: list[SkuAnswer]
    next: str | None
