"""Who sends and who receives, and entries of the address book: the same fields."""

from typing import Any

from wtforms import BooleanField, Form, StringField

from portal.consignments.forms import kinds
from portal.consignments.forms.kinds import Needed
from portal.consignments.service.orders import Party
from portal.core.i18n import lazy as _l

FIELDS = ("name", "phone", "address", "city", "country", "postcode")


class PartyForm(Form):
    """A consignor or a consignee, in China or abroad."""

    is_draft = False

    name = kinds.line(_l("Name or company"), 100, Needed(_l("Who is it? Please give a name.")))
    country = kinds.country(_l("Country or region"), Needed())
    phone = kinds.line(
        _l("Phone"),
        40,
        Needed(_l("The driver needs a number to call.")),
        kinds.dialable,
    )
    address = kinds.line(
        _l("Street, building, door"),
        300,
        Needed(_l("Where does the vehicle go? Please give the street.")),
    )
    city = kinds.line(_l("City"), 60, Needed(_l("Please give the city.")))
    postcode = kinds.line(_l("Postcode"), 16)
    #: Reference of the entry of the address book that was chosen last.
    book = StringField(_l("From the address book"))
    keep = BooleanField(_l("Keep this in the address book"))

    def party(self) -> Party:
        """Return who it is, once the form is valid; in a draft much may be missing."""
        values = {name: kinds.text_of(self[name]) for name in FIELDS if name != "phone"}
        return Party(**values, phone=self.e164())  # type: ignore[arg-type]

    def e164(self) -> str | None:
        """Return the phone number as it is stored."""
        typed = (self.phone.data or "").strip()
        return kinds.e164(typed, self.country.data) if typed else None


def data_of(row: Any, side: str = "") -> dict[str, str]:
    """Return what a form shows of a row: of an address, or of one side of a consignment."""
    prefix = f"{side}_" if side else ""
    return {name: getattr(row, f"{prefix}{name}") or "" for name in FIELDS}


class AddressForm(PartyForm):
    """An entry of the address book."""
