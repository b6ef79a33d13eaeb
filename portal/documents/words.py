"""The words that are printed on papers. A pair of braces is filled in where it is printed."""

from functools import lru_cache

from portal.core import i18n
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

WORDS = {
    "waybill": _l("Waybill"),
    "packing_list": _l("Packing list"),
    "delivery_note": _l("Delivery note"),
    "proof": _l("Proof of delivery"),
    "consignor": _l("Consignor"),
    "consignee": _l("Consignee"),
    "from": lazy_pgettext("label", "From"),
    "to": lazy_pgettext("label", "To"),
    "piece": _l("Piece"),
    "pieces": _l("Pieces"),
    "goods": _l("Goods"),
    "quantity": _l("Quantity"),
    "weight": _l("Weight"),
    "measures": _l("Length × width × height"),
    "gross": _l("Gross weight"),
    "chargeable": _l("Chargeable weight"),
    "volume": _l("Volume"),
    "declared": _l("Declared value"),
    "cod": _l("Cash on delivery"),
    "insurance": _l("Insurance"),
    "freight": _l("Freight"),
    "payer": _l("Paid by"),
    "service": _l("Service"),
    "order": _l("Order"),
    "ordered": lazy_pgettext("time", "Ordered"),
    "planned_pickup": _l("Planned pick-up"),
    "picked_up": lazy_pgettext("time", "Picked up"),
    "planned_delivery": _l("Planned delivery"),
    "window": _l("Delivery window"),
    "note": _l("Note"),
    "none": _l("none"),
    "cold": _l("Cold chain"),
    "dangerous": _l("Dangerous goods"),
    "scan": _l("Scan to track"),
    "in_full": _l("In full: %(name)s", name="{}"),
    "signature": _l("Signature"),
    "date": _l("Date and time"),
    "name_in_print": _l("Name in capitals"),
    "handed_over": _l("Consignor: handed over as listed"),
    "taken_over": _l("Carrier: taken over as listed"),
    "received": _l("Consignee: received complete and undamaged"),
    "remarks": _l("Remarks on receipt"),
    "page": _l("Page %(page)s of %(pages)s", page="{}", pages="{}"),
    "copy": _l("Copy %(number)s: for the %(reader)s", number="{}", reader="{}"),
    "copy_consignor": lazy_pgettext("copy", "consignor"),
    "copy_carrier": lazy_pgettext("copy", "carrier"),
    "copy_consignee": lazy_pgettext("copy", "consignee"),
    "as_of": _l("State of %(time)s", time="{}"),
    "delivered": _l("Delivered"),
    "place": _l("Place"),
    "receiver": _l("Said on delivery"),
    "bad_code": _l("This code has a wrong check digit and is not printed as a barcode."),
}


def words() -> dict[str, str]:
    """Return the words of papers in the language that is spoken now."""
    return _said(i18n.tag())


@lru_cache(maxsize=len(i18n.TAGS))
def _said(_language: str) -> dict[str, str]:
    return {name: str(word) for name, word in WORDS.items()}
