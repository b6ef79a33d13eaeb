"""Which details two companies are compared by, and which value stays unless somebody chooses."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from portal.core.i18n import lazy as _l

#: Column → what it is called, in the order in which they are compared.
FIELDS: Mapping[str, Any] = {
    "name": _l("Name of the company"),
    "name_en": _l("Name in Latin letters"),
    "credit_code": _l("Unified social credit code"),
    "country": _l("Country"),
    "region": _l("Province or state"),
    "city": _l("City"),
    "kinds": _l("What it is to us"),
    "consignor": _l("Sender by default"),
    "payment_terms": _l("Terms of payment"),
    "tariff": _l("Tariff"),
    "account_manager_id": _l("Account manager"),
    "attempt_limit": _l("Delivery attempts"),
    "confirmed_on": _l("Confirmed on"),
}
DAYS = frozenset({"confirmed_on"})


class Compared(NamedTuple):
    """One detail of both; ``takes``: the value of the company that goes is proposed."""

    name: str
    label: Any
    kept: Any
    gone: Any
    takes: bool

    @property
    def differs(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.kept != self.gone)


def compared(kept: Any, gone: Any) -> list[Compared]:
    """Return all details side by side; what only the other has is proposed to be taken over."""
    return [
        Compared(name, label, ours, theirs, takes=not ours and bool(theirs))
        for name, label in FIELDS.items()
        for ours, theirs in [(getattr(kept, name), getattr(gone, name))]
    ]
