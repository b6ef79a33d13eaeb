"""Forms of moves and pick locations. Quantities are of the goods' base unit."""

from decimal import Decimal
from typing import Any

from wtforms import Form, RadioField, StringField
from wtforms.validators import ValidationError

from portal.accounts.forms import Choice, needed, offers, optional, trimmed
from portal.core import quantities
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.core.numbers import row_id
from portal.warehousing.ledger.rules import REASONS
from portal.warehousing.moving.rules import WHY


def read_quantity(field: Any) -> Decimal:
    """Return the quantity of a field; raises ValidationError for what is none."""
    try:
        value = quantities.read(field.data or "")
    except ValueError:
        raise ValidationError(_l("That is no quantity. Type a number such as 12.")) from None
    if value < 0:
        raise ValidationError(_l("That is no quantity. Type a number such as 12."))
    return value


class MoveForm(Form):
    """What of a location is moved where."""

    what = RadioField(
        _l("Goods"), choices=list, validate_choice=False, render_kw={"required": True}
    )
    quantity = StringField(
        _l("Quantity"), optional(20), description=_l("Empty: all of it that is free.")
    )
    to = StringField(_l("To location"), needed(_l("Say where it goes."), 40), filters=[trimmed])
    reason = Choice(
        _l("Reason"), choices=lambda: offers((code, REASONS[code]) for code in WHY), default="other"
    )
    note = StringField(_l("Note"), optional(200), filters=[trimmed])

    def validate_what(self, field: Any) -> None:
        """Refuse a form in which nothing was chosen."""
        try:
            row_id(field.data or "")
        except ValueError:
            raise ValidationError(_l("Choose what is moved.")) from None

    def validate_quantity(self, field: Any) -> None:
        """Refuse what is no quantity."""
        if field.data and read_quantity(field) == 0:
            raise ValidationError(_l("That is no quantity. Type a number such as 12."))

    def amount(self) -> Decimal | None:
        """Return the quantity; None: all that is free."""
        return read_quantity(self.quantity) if self.quantity.data else None


class FaceForm(Form):
    """How much of goods should lie at a pick location."""

    location = StringField(
        _l("Pick location"), needed(_l("Give it a location."), 40), filters=[trimmed]
    )
    sku = StringField(
        _l("Goods: SKU code or GTIN"), needed(_l("Say which goods."), 60), filters=[trimmed]
    )
    owner = Choice(lazy_pgettext("goods", "Owner"), choices=list, validate_choice=False)
    least = StringField(_l("Fill up below"), needed(_l("Please fill this in."), 20))
    most = StringField(_l("Fill up to"), needed(_l("Please fill this in."), 20))

    def validate_least(self, field: Any) -> None:
        """Refuse what is no quantity."""
        read_quantity(field)

    def validate_most(self, field: Any) -> None:
        """Refuse what is no quantity."""
        read_quantity(field)
