"""An order as a form: two parties, pieces, a service and what goes with it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from wtforms import FieldList, Form, FormField, HiddenField, RadioField, SelectChoice, SelectField
from wtforms.validators import ValidationError

from portal.consignments.forms import kinds
from portal.consignments.forms.kinds import Between, Figure, Moment, Needed
from portal.consignments.forms.party import PartyForm
from portal.consignments.rules.promise import Service
from portal.consignments.service.orders import Order, Unit
from portal.core import clock
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

MOST_ROWS, MOST_COPIES, MOST_PIECES = 60, 99, 500
MOST_KG, MOST_CM = 100_000, 10_000
CURRENCIES = ("CNY", "USD", "EUR", "HKD", "GBP", "JPY", "KRW", "SGD", "AUD", "CHF", "ZAR")
SERVICE_NAMES = {
    Service.STANDARD: _l("Standard delivery"),
    Service.EXPRESS: _l("Express delivery"),
    Service.COLD: _l("Cold chain"),
}


class PieceForm(Form):
    """One piece, or several that are alike."""

    is_draft = False

    goods = kinds.line(_l("Goods"), 200, Needed(_l("What is in it?")))
    copies = Figure(_l("Pieces alike"), [Between(1, MOST_COPIES, whole=True)], default="1")
    quantity = Figure(_l("Quantity in it"), [Between(Decimal("0.001"), 10**9)], default="1")
    weight = Figure(
        _l("Weight, kg"), [Needed(_l("How heavy is it?")), Between(Decimal("0.001"), MOST_KG)]
    )
    length = Figure(_l("Length, cm"), [Between(Decimal("0.1"), MOST_CM)])
    width = Figure(_l("Width, cm"), [Between(Decimal("0.1"), MOST_CM)])
    height = Figure(_l("Height, cm"), [Between(Decimal("0.1"), MOST_CM)])

    def is_blank(self) -> bool:
        """Return whether nothing was typed but what stood there."""
        typed = (self.goods, self.weight, self.length, self.width, self.height)
        return not any((field.data or "").strip() for field in typed)

    def count(self) -> int:
        """Return how many pieces the row stands for."""
        number = self.copies.number
        return int(number) if number and 1 <= number <= MOST_COPIES else 1

    def unit(self) -> Unit:
        """Return the piece; what cannot be read is left out."""
        return Unit(
            goods=kinds.text_if_storable(self.goods),
            quantity=self.quantity.number or Decimal(1),
            weight_g=_scaled(self.weight, 1000, MOST_KG),
            length_mm=_scaled(self.length, 10, MOST_CM),
            width_mm=_scaled(self.width, 10, MOST_CM),
            height_mm=_scaled(self.height, 10, MOST_CM),
        )

    def validate_height(self, _field: Any) -> None:
        """Ask for all three lengths or none: two of them say nothing."""
        given = [bool((f.data or "").strip()) for f in (self.length, self.width, self.height)]
        if any(given) and not all(given):
            raise ValidationError(_l("Give length, width and height, or none of them."))


def _scaled(field: Figure, factor: int, most: int) -> int | None:
    number = field.number
    return round(number * factor) or None if number is not None and number <= most else None


class TermsForm(Form):
    """What may be agreed about a consignment, and still be amended."""

    window_from = Moment(_l("Delivery not before"), [kinds.foreseeable])
    window_to = Moment(_l("Delivery until"), [kinds.foreseeable])
    note = kinds.note(_l("Note for the driver"), 2000)

    def validate_window_to(self, field: Moment) -> None:
        """Refuse windows that end before they begin, or that are over."""
        since, until = self.window_from.instant, field.instant
        if until is not None and until <= clock.now():
            raise ValidationError(_l("That time is over."))
        if since is not None and until is not None and until <= since:
            raise ValidationError(_l("The window ends before it begins."))

    def window(self) -> dict[str, Any]:
        """Return the columns of the window."""
        return {"window_from": self.window_from.instant, "window_to": self.window_to.instant}


class OrderForm(TermsForm):
    """Everything about a new consignment."""

    once = HiddenField()
    order_ref = kinds.line(
        _l("Your order reference"),
        64,
        description=_l("Each can be used once; you find it again by it."),
    )
    consignor = FormField(PartyForm, label=_l("Consignor"))
    consignee = FormField(PartyForm, label=_l("Consignee"))
    pieces = FieldList(
        FormField(PieceForm), label=lazy_pgettext("heading", "Pieces"), min_entries=1
    )
    service = RadioField(
        _l("Service"),
        choices=[SelectChoice(str(code), name) for code, name in SERVICE_NAMES.items()],
        default=Service.STANDARD,
        validate_choice=False,
    )
    declared = Figure(_l("Declared value"), [Between(0, 10**10)])
    declared_currency = SelectField(_l("Currency"), choices=list(CURRENCIES), validate_choice=False)
    cod = Figure(_l("Cash on delivery"), [Between(0, 10**10)])
    cod_currency = SelectField(_l("Currency"), choices=list(CURRENCIES), validate_choice=False)

    def validate_service(self, field: RadioField) -> None:
        """Refuse services that we do not offer."""
        if field.data not in list(Service):
            raise ValidationError(_l("Choose one of the services."))

    def validate_declared(self, field: Figure) -> None:
        """Refuse parts of a currency's smallest unit."""
        _check_money(field, self.declared_currency)

    def validate_cod(self, field: Figure) -> None:
        """Refuse parts of a currency's smallest unit."""
        _check_money(field, self.cod_currency)

    def validate_pieces(self, _field: FieldList) -> None:
        """Refuse more pieces than a person would type."""
        if (
            len(self.pieces.entries) > MOST_ROWS
            or sum(p.count() for p in self.rows()) > MOST_PIECES
        ):
            raise ValidationError(
                _l("These are more than %(most)s pieces. Please import them.", most=MOST_PIECES)
            )

    def validate_as(self, *, draft: bool) -> bool:
        """Check it as an order, or as a draft, which may lack what an order needs."""
        self.drop_blank_rows()
        for part in (self.consignor.form, self.consignee.form, *self.rows()):
            part.is_draft = draft
        return bool(self.validate())

    def drop_blank_rows(self) -> None:
        """Forget rows in which nothing was typed, but for the last one left."""
        filled = [entry for entry in self.pieces.entries if not entry.form.is_blank()]
        self.pieces.entries = filled or self.pieces.entries[:1]

    def rows(self) -> Iterator[PieceForm]:
        """Yield the rows of pieces."""
        return (entry.form for entry in self.pieces.entries)

    def units(self) -> list[Unit]:
        """Return the pieces, each as often as it is said; blank rows are none."""
        named = ((row, row.unit()) for row in self.rows() if not row.is_blank())
        return [unit for row, unit in named for _ in range(row.count())][: MOST_PIECES + 1]

    def order(self, begins: str) -> Order:
        """Return the order of a valid form."""
        return Order(
            order_ref=kinds.text_of(self.order_ref),
            service=str(self.service.data),
            consignor=self.consignor.form.party(),
            consignee=self.consignee.form.party(),
            pieces=self.units(),
            ordered_at=clock.now(),
            begins=begins,
            window_to=self.window_to.instant,
            extra={
                **self.window(),
                **_money("declared", self.declared, self.declared_currency),
                **_money("cod", self.cod, self.cod_currency),
                "note": (self.note.data or "").strip() or None,
            },
        )


def _check_money(field: Figure, currency: SelectField) -> None:
    if field.number is None:
        return
    if currency.data not in CURRENCIES:
        raise ValidationError(_l("Choose a currency from the list."))
    digits = get_currency_precision(currency.data)
    if field.number != round(field.number, digits):
        raise ValidationError(
            _l("%(currency)s amounts do not have that many decimals.", currency=currency.data)
        )


def _money(name: str, field: Figure, currency: SelectField) -> dict[str, Any]:
    if not field.number:
        return {}
    minor = int(field.number.scaleb(get_currency_precision(currency.data)))
    return {f"{name}_minor": minor, f"{name}_currency": currency.data}


class AmendForm(TermsForm):
    """What may still be changed after ordering."""

    consignor = FormField(PartyForm, label=_l("Consignor"))
    consignee = FormField(PartyForm, label=_l("Consignee"))

    def validate_window_to(self, field: Moment) -> None:
        """Let a window stand that was agreed and is over by now."""
        if field.data != field.object_data:
            super().validate_window_to(field)
