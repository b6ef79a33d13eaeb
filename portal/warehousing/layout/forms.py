"""Forms of places. Lengths are typed in metres, weights in kilograms, volumes in litres."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

import phonenumbers
from wtforms import BooleanField, Form, StringField
from wtforms.validators import Length, ValidationError

from portal.accounts.forms import Choice, needed, offers, optional, trimmed
from portal.core.errors import Invalid
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.warehousing.goods.rules import STORAGE_CLASSES
from portal.warehousing.sites.rules import DOCK_KINDS, KINDS, as_code, blocks, is_code
from portal.warehousing.sites.rules.blocks import Block

#: Language tag → the field in which a name in it is typed.
TAGS = {"zh-Hans": "zh_hans", "zh-Hant": "zh_hant", "en": "en"}
MOST_METRES, MOST_KG, MOST_LITRES = 2000, 1_000_000, 1_000_000_000
LONGEST_WAREHOUSE = 6  # characters: barcodes of locations hold them
_FIGURE = re.compile(r"\d{1,10}(\.\d{1,3})?")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
SLOT_MINUTES = ("15", "20", "30", "45", "60", "90", "120", "180", "240")


class Code(StringField):
    """A code as it is kept: capital letters, whatever was typed."""

    def __init__(self, label: Any, longest: int = 20, **more: Any) -> None:
        super().__init__(label, [*needed(_l("Give it a code."), longest), _is_code], **more)

    def process_formdata(self, valuelist: Any) -> None:
        """Take in what was typed."""
        super().process_formdata(
            [as_code(unicodedata.normalize("NFKC", each)) for each in valuelist]
        )


def _is_code(_form: Form, field: Any) -> None:
    if not is_code(field.data or ""):
        raise ValidationError(_l("Codes have 1 to 20 capital letters, digits, dots and dashes."))


class Number(StringField):
    """A number as people type it, within a range; ``value`` is None where there is none.

    ``unit``: how many of what is stored one of what is typed is, such as 10 dm in a metre.
    """

    def __init__(
        self, label: Any, least: int, most: int, *, unit: int = 1, needed: bool = False, **more: Any
    ) -> None:
        super().__init__(label, **more)
        self.least, self.most, self.unit, self.needed = least, most, unit, needed
        if needed:
            self.flags.required = True

    @property
    def value(self) -> int | None:
        """What is stored; None where nothing, or no number, was typed."""
        plain = unicodedata.normalize("NFKC", self.data or "").strip().replace(",", "")
        number = Decimal(plain) * self.unit if _FIGURE.fullmatch(plain) else None
        return int(number) if number is not None and number == int(number) else None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is missing, no number, or out of its range."""
        if not (self.data or "").strip():
            if self.needed:
                raise ValidationError(_l("Please fill this in."))
            return
        value = self.value
        if value is None or not self.least * self.unit <= value <= self.most * self.unit:
            raise ValidationError(
                _l("Write a number from %(least)s to %(most)s.", least=self.least, most=self.most)
            )


def typed(value: int | None, unit: int = 1) -> str:
    """Return what is stored as it is typed."""
    return "" if value is None else format((Decimal(value) / unit).normalize(), "f")


def _name(label: Any, *, must: bool = False) -> StringField:
    checks = needed(_l("Please name it."), 80) if must else optional(80)
    return StringField(label, checks, filters=[trimmed])


class Named(Form):
    """Names in three languages."""

    zh_hans = _name(_l("Name in Simplified Chinese"), must=True)
    zh_hant = _name(_l("Name in Traditional Chinese"))
    en = _name(_l("Name in English"))

    def names(self) -> dict[str, str]:
        """Return language tag → name."""
        found = {tag: self[field].data for tag, field in TAGS.items()}
        return {tag: name for tag, name in found.items() if name}


def names_data(names: dict[str, str]) -> dict[str, str]:
    """Return names as the form shows them."""
    return {field: names.get(tag, "") for tag, field in TAGS.items()}


def _metres(label: Any, **more: Any) -> Number:
    return Number(label, 0, MOST_METRES, unit=10, default="0", needed=True, **more)


class WarehouseForm(Named):
    """A warehouse: its names, where goods leave from, its day."""

    code = Code(_l("Code"), LONGEST_WAREHOUSE, description=_l("Such as HZ1; it stays as it is."))
    party_name = StringField(_l("Sender’s name"), needed(_l("Please fill this in."), 80))
    phone = StringField(_l("Phone"), needed(_l("Please fill this in."), 30))
    address = StringField(_l("Street and number"), needed(_l("Please fill this in."), 200))
    city = StringField(_l("City"), needed(_l("Please fill this in."), 60))
    postcode = StringField(_l("Postcode"), optional(12), filters=[trimmed])
    country = StringField(
        _l("Country"),
        [Length(2, 2, _l("Two letters, such as CN."))],
        default="CN",
        filters=[lambda text: (text or "").strip().upper()],
    )
    cut_off = StringField(
        _l("Cut-off"),
        needed(_l("Please fill this in."), 5),
        default="15:00",
        description=_l("Orders before it leave the same working day."),
    )
    slot_minutes = Choice(
        _l("Length of a slot at a dock, minutes"),
        choices=lambda: offers((each, each) for each in SLOT_MINUTES),
        default="60",
    )
    active = BooleanField(_l("In use"), default=True)

    def validate_cut_off(self, field: Any) -> None:
        """Refuse what is no time of the day."""
        field.data = (field.data or "").strip()
        if not _TIME.fullmatch(field.data):
            raise ValidationError(_l("Write a time such as 15:00."))

    def validate_phone(self, field: Any) -> None:
        """Keep a phone number as it can be called from anywhere."""
        try:
            number = phonenumbers.parse(field.data or "", self.country.data or "CN")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise ValidationError(_l("This is not a phone number: +86 571 5550 0100."))
        field.data = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def values(self) -> dict[str, Any]:
        """Return the columns of the warehouse."""
        party = {
            "name": self.party_name.data,
            "phone": self.phone.data,
            "address": self.address.data,
            "city": self.city.data,
            "country": self.country.data,
        }
        if self.postcode.data:
            party["postcode"] = self.postcode.data
        return {
            "code": self.code.data,
            "names": self.names(),
            "party": party,
            "cut_off": self.cut_off.data,
            "slot_minutes": int(self.slot_minutes.data),
            "active": self.active.data,
        }


def warehouse_data(row: Any) -> dict[str, Any]:
    """Return a warehouse as its form shows it."""
    party = dict(row.party)
    return {
        **names_data(row.names),
        **party,
        "party_name": party.get("name", ""),
        "code": row.code,
        "cut_off": row.cut_off,
        "slot_minutes": str(row.slot_minutes),
        "active": row.active,
    }


class ZoneForm(Named):
    """A zone, and its rectangle on the plan."""

    code = Code(_l("Code"))
    storage_class = Choice(
        _l("Storage class"), choices=lambda: offers(STORAGE_CLASSES.items()), default="ambient"
    )
    x = _metres(_l("From the left, m"))
    y = _metres(_l("From the top, m"))
    width = _metres(_l("Width, m"))
    depth = _metres(_l("Depth, m"))

    def values(self) -> dict[str, Any]:
        """Return the columns of the zone."""
        plan = {f"{name}_dm": self[name].value or 0 for name in ("x", "y", "width", "depth")}
        return {
            "code": self.code.data,
            "names": self.names(),
            "storage_class": self.storage_class.data,
            **plan,
        }


def zone_data(row: Any) -> dict[str, Any]:
    """Return a zone as its form shows it."""
    plan = {name: typed(getattr(row, f"{name}_dm"), 10) for name in ("x", "y", "width", "depth")}
    return {
        **names_data(row.names),
        **plan,
        "code": row.code,
        "storage_class": row.storage_class,
    }


class DockForm(Form):
    """A dock, and the location at which goods stand there."""

    code = Code(_l("Code"))
    kind = Choice(_l("Used for"), choices=lambda: offers(DOCK_KINDS.items()), default="both")
    location = Code(_l("Location"), description=_l("A location of the kind “dock”, such as D1."))
    active = BooleanField(_l("In use"), default=True)


def _capacity() -> tuple[Number, Number]:
    return (
        Number(_l("Bears at most, kg"), 0, MOST_KG, unit=1000),
        Number(_l("Holds at most, litres"), 0, MOST_LITRES, unit=10**6),
    )


class LocationForm(Form):
    """One location."""

    code = Code(_l("Code"), description=_l("As people say it, such as B07-14-3; it stays."))
    zone = Choice(lazy_pgettext("warehouse", "Zone"), choices=list)
    kind = Choice(_l("Kind"), choices=lambda: offers(KINDS.items()), default="pick")
    level = Number(lazy_pgettext("rack", "Level"), 0, 99, default="0", needed=True)
    walk = Number(_l("Place in the walk"), 0, 10**9, description=_l("Empty: behind the last one."))
    most_kg, most_litres = _capacity()
    single_sku = BooleanField(_l("One kind of goods only"))
    single_lot = BooleanField(_l("One lot only"))
    x = _metres(_l("From the left, m"))
    y = _metres(_l("From the top, m"))
    width = _metres(_l("Width, m"))
    depth = _metres(_l("Depth, m"))

    def values(self) -> dict[str, Any]:
        """Return the columns of the location; the zone by its code."""
        plan = {f"{name}_dm": self[name].value or 0 for name in ("x", "y", "width", "depth")}
        return {
            "code": self.code.data,
            "kind": self.kind.data,
            "level": self.level.value or 0,
            "walk": self.walk.value,
            "most_weight_g": self.most_kg.value,
            "most_volume_mm3": self.most_litres.value,
            "single_sku": self.single_sku.data,
            "single_lot": self.single_lot.data,
            **plan,
        }


def location_data(row: Any) -> dict[str, Any]:
    """Return a location as its form shows it."""
    plan = {name: typed(getattr(row, f"{name}_dm"), 10) for name in ("x", "y", "width", "depth")}
    return {
        **plan,
        "code": row.code,
        "zone": row.zone,
        "kind": row.kind,
        "level": str(row.level),
        "walk": str(row.walk),
        "most_kg": typed(row.most_weight_g, 1000),
        "most_litres": typed(row.most_volume_mm3, 10**6),
        "single_sku": row.single_sku,
        "single_lot": row.single_lot,
    }


class BlockForm(Form):
    """A block of racks."""

    pattern = StringField(
        _l("Pattern"),
        needed(_l("Write ranges in braces, such as B{07-12}-{01-24}-{1-5}."), 80),
        description=_l("Aisles, bays and levels in braces: B{07-12}-{01-24}-{1-5}."),
        filters=[trimmed],
    )
    low_kind = Choice(
        _l("Kind up to this level"), choices=lambda: offers(KINDS.items()), default="pick"
    )
    low_levels = Number(_l("Up to level"), 0, 99, default="2", needed=True)
    high_kind = Choice(_l("Kind above"), choices=lambda: offers(KINDS.items()), default="reserve")
    along = Choice(
        _l("Racks run"),
        choices=lambda: offers([("x", _l("across the plan")), ("y", _l("down the plan"))]),
        default="x",
    )
    x = _metres(_l("From the left, m"))
    y = _metres(_l("From the top, m"))
    bay = Number(_l("Length of a bay, m"), 0, 100, unit=10, default="2.8", needed=True)
    depth = Number(_l("Depth of a rack, m"), 0, 100, unit=10, default="1.1", needed=True)
    gap = Number(_l("From one rack to the next, m"), 0, 100, unit=10, default="3.2", needed=True)
    most_kg, most_litres = _capacity()
    single_sku = BooleanField(_l("One kind of goods only"))
    single_lot = BooleanField(_l("One lot only"))

    def validate_pattern(self, field: Any) -> None:
        """Refuse what is no pattern."""
        try:
            blocks.parse(field.data or "")
        except Invalid as refusal:
            raise ValidationError(refusal.message) from None

    def block(self) -> Block:
        """Return what the block is made from."""
        return Block(
            pattern=(self.pattern.data or "").upper(),
            low_kind=self.low_kind.data,
            high_kind=self.high_kind.data,
            low_levels=self.low_levels.value or 0,
            x_dm=self.x.value or 0,
            y_dm=self.y.value or 0,
            along=self.along.data,
            bay_dm=self.bay.value or 0,
            depth_dm=self.depth.value or 0,
            gap_dm=self.gap.value or 0,
            most_weight_g=self.most_kg.value,
            most_volume_mm3=self.most_litres.value,
            single_sku=self.single_sku.data,
            single_lot=self.single_lot.data,
        )


class ReasonForm(Form):
    """Why a location is blocked."""

    reason = StringField(_l("Reason"), needed(_l("Say why."), 120), filters=[trimmed])
