"""Forms of kits: recipes, orders, and what was done at the desk."""

from decimal import Decimal
from typing import Any

from wtforms import DateField, FieldList, Form, FormField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.accounts.forms import Buttons, Choice, offers, storable
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.forms import Figure
from portal.warehousing.kits.rules import KINDS

MORE_ROWS = 3  # empty rows offered behind those that are filled
_NUMBER = _l("Enter a number.")
_LONG = _l("This is longer than %(max)d characters.")


class PartForm(Form):
    """One kind of goods in a set; without a code there is none."""

    code = StringField(_l("Code of the goods"), [Length(max=40, message=_LONG), storable])
    quantity = Figure(_l("In one set"))

    def is_blank(self) -> bool:
        """Return whether nothing was typed."""
        return not (self.code.data or "").strip() and not (self.quantity.data or "").strip()

    def said(self) -> tuple[str, Decimal]:
        """Return the code as it is kept, and the quantity; 0 where there is none."""
        return (self.code.data or "").strip().upper(), self.quantity.number or Decimal(0)


class RecipeForm(Form):
    """What one set is made of."""

    parts = FieldList(FormField(PartForm), label=_l("Parts"))
    note = TextAreaField(
        _l("How it is put together"), [Optional(), Length(max=1000, message=_LONG)]
    )

    def rows(self) -> list[tuple[int, str, Decimal]]:
        """Return place, code and quantity of each row that was filled in."""
        return [
            (
                place,
                (row.form.code.data or "").strip().upper(),
                row.form.quantity.number or Decimal(0),
            )
            for place, row in enumerate(self.parts)
            if not row.form.is_blank()
        ]

    def offer_more(self, most: int) -> None:
        """Offer some empty rows behind those that are filled."""
        for _ in range(min(MORE_ROWS, most - len(self.parts))):
            self.parts.append_entry()


class OrderForm(Form):
    """Sets to be made or taken apart."""

    once = HiddenField()
    kind = Buttons(_l("What is to be done"), choices=lambda: offers(KINDS.items()), default="make")
    warehouse = Choice(_l("Warehouse"), choices=list)
    quantity = Figure(
        _l("How many sets"), validators=[InputRequired(_l("Say how many."))], whole=True
    )
    wanted_on = DateField(_l("Wanted by"), [Optional()])
    note = StringField(_l("Note"), [Optional(), Length(max=300, message=_LONG), storable])


class DoForm(Form):
    """So many sets done, at the desk."""

    once = HiddenField()
    quantity = Figure(
        _l("How many sets"), validators=[InputRequired(_l("Say how many."))], whole=True
    )
    location = StringField(
        _l("Put to location"),
        [InputRequired(_l("Say where they are.")), Length(max=40, message=_LONG), storable],
    )


def label_fields(needing: list[Any]) -> type[Form]:
    """Return a form that asks lot and date of goods (rows of ``sku``) that are told apart."""
    fields: dict[str, Any] = {}
    for sku in needing:
        if sku.lot_policy != "none":
            words = (
                _l("Serial number of %(code)s", code=sku.code)
                if sku.lot_policy == "serial"
                else _l("Lot of %(code)s", code=sku.code)
            )
            fields[f"lot_{sku.id}"] = StringField(words, [Length(max=60, message=_LONG), storable])
        if sku.has_expiry:
            words = _l("%(code)s is to be used by", code=sku.code)
            fields[f"expires_{sku.id}"] = DateField(words, [Optional()])
    return type("LabelForm", (Form,), fields)
