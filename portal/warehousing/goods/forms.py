"""The form of goods: what people type, in kilograms and centimetres, and the draft it is."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, FileField, Form, FormField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from portal.accounts.forms import Buttons, Choice, offers, storable
from portal.core import quantities
from portal.core.errors import PortalError
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.rules.draft import (
    LARGER_LEVELS,
    MOST_CODE,
    MOST_NAME,
    Draft,
    UnitDraft,
)
from portal.warehousing.goods.rules.kinds import LEVELS, LOT_POLICIES, STORAGE_CLASSES, UNITS

#: What may happen with the rows of a sheet: code → what it is called.
CHOICE_NAMES = {
    "good_rows": _l("Enter all good rows, and name the wrong ones"),
    "all_or_nothing": _l("Enter all rows, or none if one is wrong"),
    "dry_run": _l("Only check it"),
}
NOT_A_NUMBER = _l("Enter a number, such as 12 or 0.5.")
NOT_WHOLE = _l("Enter a whole number.")


class Figure(StringField):
    """A number as people type it; ``scale`` is what it is multiplied by to be kept."""

    def __init__(self, label: Any, *, scale: int = 1, whole: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self._scale, self._whole = scale, whole
        self.number: Decimal | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the number; refuse what is none."""
        text = (self.data or "").strip()
        if not text:
            return
        try:
            number = quantities.read(text)
        except ValueError:
            raise ValidationError(NOT_A_NUMBER) from None
        if self._whole and number != number.to_integral_value():
            raise ValidationError(NOT_WHOLE)
        self.number = number

    @property
    def kept(self) -> int | None:
        """The number as a whole one of the unit that is kept, such as grams."""
        return None if self.number is None else round(self.number * self._scale)


def figure(value: int | Decimal | None, scale: int = 1) -> str:
    """Return a kept number as it stands in a ``Figure``."""
    return "" if value is None else quantities.written(Decimal(value) / scale)


def _line(label: Any, most: int, **kwargs: Any) -> StringField:
    longest = Length(max=most, message=_l("This is longer than %(max)d characters."))
    return StringField(label, [longest, storable], **kwargs)


class Measures(Form):
    """Weight and lengths of one unit."""

    weight = Figure(_l("Weight, kg"), scale=1000)
    length = Figure(_l("Length, cm"), scale=10)
    width = Figure(_l("Width, cm"), scale=10)
    height = Figure(_l("Height, cm"), scale=10)

    def measured(self) -> dict[str, int | None]:
        """Return the columns of weight and lengths."""
        return {
            "weight_g": self.weight.kept,
            "length_mm": self.length.kept,
            "width_mm": self.width.kept,
            "height_mm": self.height.kept,
        }


class UnitForm(Measures):
    """One level of packing; without a number in it there is no such level."""

    holds = Figure(_l("Holds, base units"))
    gtin = _line(_l("GTIN"), 20)

    def unit(self, level: str) -> UnitDraft | None:
        """Return the level as a draft; None where nothing was typed."""
        if not any((field.data or "").strip() for field in self):
            return None
        holds, gtin = self.holds.number or Decimal(0), (self.gtin.data or "").strip() or None
        return UnitDraft(level=level, holds=holds, gtin=gtin, **self.measured())


class GoodsForm(Measures):
    """Everything about one kind of goods."""

    code = _line(
        _l("Your code"),
        MOST_CODE,
        description=_l("As in your own books. Each can be used once."),
    )
    name_zh_hans = _line(_l("Name, simplified Chinese"), MOST_NAME)
    name_zh_hant = _line(_l("Name, traditional Chinese"), MOST_NAME)
    name_en = _line(_l("Name, English"), MOST_NAME)
    gtin = _line(
        _l("GTIN of one piece"), 20, description=_l("The 8 to 14 figures below the barcode.")
    )
    unit = Choice(_l("Base unit"), choices=lambda: offers(UNITS.items()), default="C62")
    lot_policy = Buttons(
        _l("How pieces are told apart"),
        choices=lambda: offers(LOT_POLICIES.items()),
        default="none",
    )
    has_expiry = BooleanField(_l("The goods have a date of expiry"))
    shelf_life = Figure(_l("Shelf life, days"), whole=True)
    days_in = Figure(_l("Days left at receipt, at least"), whole=True)
    days_out = Figure(_l("Days left when they leave, at least"), whole=True)
    storage_class = Choice(
        _l("Storage class"), choices=lambda: offers(STORAGE_CLASSES.items()), default="ambient"
    )
    coldest = Figure(_l("Lowest temperature, °C"), whole=True)
    warmest = Figure(_l("Highest temperature, °C"), whole=True)
    hazard_un = _line(_l("UN number"), 10)
    hazard_class = _line(_l("Class of dangerous goods"), 10)
    low_stock = Figure(_l("Tell us when less is free than"))
    low_cover = Figure(_l("Tell us when it lasts fewer days than"), whole=True)
    over_receipt = Figure(
        _l("May be received above the notice, per cent"),
        scale=100,
        description=_l("What is more than that is a difference that you answer."),
    )
    inner = FormField(UnitForm, label=LEVELS["inner"])
    case = FormField(UnitForm, label=LEVELS["case"])
    pallet = FormField(UnitForm, label=LEVELS["pallet"])

    def draft(self) -> Draft:
        """Return the goods of a form whose fields could be read."""
        units = (getattr(self, level).form.unit(level) for level in LARGER_LEVELS)
        return Draft(
            code=self.code.data or "",
            names=self._names(),
            gtin=(self.gtin.data or "").strip() or None,
            unit=self.unit.data,
            lot_policy=self.lot_policy.data,
            has_expiry=bool(self.has_expiry.data),
            shelf_life_days=self.shelf_life.kept,
            least_days_in=self.days_in.kept or 0,
            least_days_out=self.days_out.kept or 0,
            storage_class=self.storage_class.data,
            temperature_min_c=self.coldest.kept,
            temperature_max_c=self.warmest.kept,
            hazard_un=(self.hazard_un.data or "").strip() or None,
            hazard_class=(self.hazard_class.data or "").strip().upper() or None,
            low_stock=self.low_stock.number,
            low_cover_days=self.low_cover.kept,
            over_receipt_bp=self.over_receipt.kept or 0,
            units=tuple(unit for unit in units if unit is not None),
            **self.measured(),
        )

    def _names(self) -> Mapping[str, str]:
        typed = {"zh-Hans": self.name_zh_hans, "zh-Hant": self.name_zh_hant, "en": self.name_en}
        return {tag: field.data.strip() for tag, field in typed.items() if field.data}


#: Field of a draft → field of the form, where they are called differently.
_FIELDS = {
    "names": "name_zh_hans",
    "names.zh-Hans": "name_zh_hans",
    "names.zh-Hant": "name_zh_hant",
    "names.en": "name_en",
    "shelf_life_days": "shelf_life",
    "least_days_in": "days_in",
    "least_days_out": "days_out",
    "temperature_min_c": "coldest",
    "temperature_max_c": "warmest",
    "low_cover_days": "low_cover",
    "over_receipt_bp": "over_receipt",
    "weight_g": "weight",
    "length_mm": "length",
    "width_mm": "width",
    "height_mm": "height",
}


def show(error: PortalError, form: GoodsForm) -> None:
    """Show what is wrong with a draft at the fields of the form, else above them."""
    for each in error.errors:
        field = _field(form, each.field)
        if field is None:
            form.form_errors.append(str(each.message))
        else:
            field.errors = [*field.errors, str(each.message)]
    if not error.errors:
        form.form_errors.append(str(error))


def _field(form: GoodsForm, path: str) -> Any:
    if path.startswith("units."):
        _units, level, name = path.split(".", 2)
        within = form[level].form if level in LARGER_LEVELS else None
        return within[_FIELDS.get(name, name)] if within is not None else None
    name = _FIELDS.get(path, path)
    return form[name] if name in form else None  # noqa: SIM401 - forms have no get


def data_of(row: Any, units: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form begins with for goods that are known; ``units`` by level."""
    return {
        "code": row.code,
        "name_zh_hans": row.names.get("zh-Hans", ""),
        "name_zh_hant": row.names.get("zh-Hant", ""),
        "name_en": row.names.get("en", ""),
        "gtin": row.gtin or "",
        "unit": row.unit,
        "lot_policy": row.lot_policy,
        "has_expiry": row.has_expiry,
        "shelf_life": figure(row.shelf_life_days),
        "days_in": figure(row.least_days_in or None),
        "days_out": figure(row.least_days_out or None),
        "storage_class": row.storage_class,
        "coldest": figure(row.temperature_min_c),
        "warmest": figure(row.temperature_max_c),
        "hazard_un": row.hazard_un or "",
        "hazard_class": row.hazard_class or "",
        "low_stock": figure(row.low_stock),
        "low_cover": figure(row.low_cover_days),
        "over_receipt": figure(row.over_receipt_bp or None, 100),
        **_measures_of(row),
        **{level: _unit_of(units[level]) for level in LARGER_LEVELS if level in units},
    }


def _unit_of(unit: Any) -> dict[str, str]:
    return {"holds": figure(unit.holds), "gtin": unit.gtin or "", **_measures_of(unit)}


def _measures_of(row: Any) -> dict[str, str]:
    return {
        "weight": figure(row.weight_g, 1000),
        "length": figure(row.length_mm, 10),
        "width": figure(row.width_mm, 10),
        "height": figure(row.height_mm, 10),
    }


class PictureForm(Form):
    """A photo of the goods."""

    picture = FileField(_l("Photo"), description=_l("JPEG, PNG or WebP, at most 12 MB."))


class SheetForm(Form):
    """A sheet of goods to be read."""

    file = FileField(
        _l("Sheet"),
        [InputRequired(_l("Choose a file."))],
        description=_l("CSV or XLSX, at most 100 000 lines. The first line names the columns."),
    )
    choice = Buttons(
        _l("What is to happen"),
        choices=lambda: offers(CHOICE_NAMES.items()),
        default="good_rows",
    )
