"""Forms of estimates, calculators and tariffs. Estimates are asked by GET: they have an address."""

from decimal import Decimal
from typing import Any

from wtforms import BooleanField, Form, StringField
from wtforms.validators import ValidationError

from portal.accounts.forms import Buttons, Choice, offers
from portal.billing.estimating import Wish, find
from portal.billing.rules import fitting
from portal.consignments.forms import kinds
from portal.consignments.forms.kinds import Between, Figure, Needed
from portal.consignments.forms.order import SERVICE_NAMES
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.places.rules import Place

MOST_KG, MOST_CM, MOST_PIECES, MOST_MONEY = 50_000, 2_000, 500, 10_000_000
MOST_PALLETS, MOST_DAYS = 10_000, 3_650


def _cm(label: Any, *, needed: bool = False) -> Figure:
    checks: list[Any] = [Needed(_l("Please fill this in."))] if needed else []
    return Figure(label, [*checks, Between(Decimal("0.1"), MOST_CM)])


def mm(field: Figure) -> int:
    """Return a length typed in centimetres as millimetres; 0: none was typed."""
    return round((field.number or 0) * 10)


class EstimateForm(Form):
    """From where to where, what, and by which service."""

    from_city = StringField(
        lazy_pgettext("estimate", "From"),
        [Needed(_l("Where does it start?"))],
        description=_l("City or address"),
    )
    from_country = kinds.country(_l("Country of origin"))
    to_city = StringField(
        lazy_pgettext("estimate", "To"),
        [Needed(_l("Where does it go?"))],
        description=_l("City or address"),
    )
    to_country = kinds.country(_l("Country of destination"))
    pieces = Figure(_l("Pieces alike"), [Between(1, MOST_PIECES, whole=True)], default="1")
    weight = Figure(
        _l("Weight of one, kg"),
        [Needed(_l("How heavy is it?")), Between(Decimal("0.001"), MOST_KG)],
    )
    length = _cm(_l("Length, cm"))
    width = _cm(_l("Width, cm"))
    height = _cm(_l("Height, cm"))
    service = Buttons(
        _l("Service"), choices=lambda: offers(SERVICE_NAMES.items()), default="standard"
    )
    pickup = BooleanField(_l("Collect it at the origin"))
    declared = Figure(_l("Insure for"), [Between(0, MOST_MONEY)])
    cod = Figure(_l("Collect on delivery"), [Between(0, MOST_MONEY)])
    origin: Place | None = None
    destination: Place | None = None

    def validate_from_city(self, field: Any) -> None:
        """Refuse a place that is not known."""
        self.origin = _place(field, self.from_country.data)

    def validate_to_city(self, field: Any) -> None:
        """Refuse a place that is not known."""
        self.destination = _place(field, self.to_country.data)

    def wish(self) -> Wish:
        """Return what is asked, of a form that is valid."""
        if self.origin is None or self.destination is None:
            raise ValueError("The form was not checked.")
        pieces = int(self.pieces.number or 1)
        volume = mm(self.length) * mm(self.width) * mm(self.height)
        return Wish(
            self.origin,
            self.destination,
            pieces,
            pieces * round((self.weight.number or 0) * 1000),
            pieces * volume,
            bool(self.pickup.data),
            round((self.declared.number or 0) * 100),
            round((self.cod.number or 0) * 100),
        )


def _place(field: Any, country: str) -> Place:
    found = find((field.data or "").strip(), country)
    if found is None:
        raise ValidationError(
            _l("We do not find this place in the country you chose. Write the name of the city.")
        )
    return found


class WeightForm(Form):
    """What a volume counts for."""

    length = _cm(_l("Length, cm"), needed=True)
    width = _cm(_l("Width, cm"), needed=True)
    height = _cm(_l("Height, cm"), needed=True)
    pieces = Figure(_l("Pieces alike"), [Between(1, MOST_PIECES, whole=True)], default="1")
    weight = Figure(_l("Weight of one, kg"), [Between(Decimal("0.001"), MOST_KG)])


class FitForm(Form):
    """How many cartons fit."""

    length = _cm(_l("Length, cm"), needed=True)
    width = _cm(_l("Width, cm"), needed=True)
    height = _cm(_l("Height, cm"), needed=True)
    weight = Figure(_l("Weight of one, kg"), [Between(Decimal("0.001"), MOST_KG)])
    pallet = Choice(
        _l("Pallet"),
        choices=lambda: offers((key, key.replace("x", " × ") + " mm") for key in fitting.PALLETS),
        default="1200x1000",
    )
    tall = Figure(_l("Height of the pallet when loaded, cm"), [Between(20, 300)], default="160")
    lying = BooleanField(_l("The carton may lie on any side"))


class StorageForm(Form):
    """What storing costs."""

    pallets = Figure(
        _l("Pallets"),
        [Needed(_l("How many pallets?")), Between(1, MOST_PALLETS, whole=True)],
    )
    days = Figure(_l("Days"), [Needed(_l("For how long?")), Between(1, MOST_DAYS, whole=True)])
