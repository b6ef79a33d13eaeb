"""The words that are printed on papers of orders that leave."""

from functools import lru_cache

from portal.core import i18n
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

WORDS = {
    "release_note": _l("Release note"),
    "packing_list": _l("Packing list"),
    "order": _l("Order"),
    "order_ref": _l("Order number of the owner"),
    "owner": _l("Owner of the goods"),
    "service": _l("Service"),
    "ordered": lazy_pgettext("time", "Ordered"),
    "ship_by": _l("Leaves by"),
    "shipped": lazy_pgettext("time", "Left"),
    "consignment": _l("Consignment"),
    "cartons": _l("Cartons"),
    "weight": _l("Gross weight"),
    "from": lazy_pgettext("label", "From"),
    "to": lazy_pgettext("label", "To"),
    "carton": _l("Carton"),
    "goods": _l("Goods"),
    "name": _l("Name"),
    "lot": _l("Lot"),
    "until": _l("Use by"),
    "quantity": _l("Quantity"),
    "note": _l("Note"),
    "released_by": _l("Warehouse: released as listed"),
    "taken_by": _l("Carrier: taken over as listed"),
    "received_by": _l("Consignee: received as listed"),
    "name_in_print": _l("Name in capitals"),
    "date": _l("Date and time"),
    "signature": _l("Signature"),
    "page": _l("Page %(page)s of %(pages)s", page="{}", pages="{}"),
}


def words() -> dict[str, str]:
    """Return the words of papers in the language that is spoken now."""
    return _said(i18n.tag())


@lru_cache(maxsize=len(i18n.TAGS))
def _said(_language: str) -> dict[str, str]:
    return {name: str(word) for name, word in WORDS.items()}
