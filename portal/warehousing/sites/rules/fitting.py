"""What fits into a location."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.sites.rules.kinds import STORED


@dataclass(frozen=True, kw_only=True)
class Load:
    """What lies in a location, or what is to be put into it.

    Grams and cubic millimetres; goods that were never weighed or measured count nothing.
    ``lots``: ids of lots. ``classes``: storage classes of the goods.
    """

    weight_g: int = 0
    volume_mm3: int = 0
    skus: frozenset[int] = frozenset()
    lots: frozenset[int] = frozenset()
    classes: frozenset[str] = frozenset()

    def __add__(self, other: "Load") -> "Load":
        """Return both together."""
        return Load(
            weight_g=self.weight_g + other.weight_g,
            volume_mm3=self.volume_mm3 + other.volume_mm3,
            skus=self.skus | other.skus,
            lots=self.lots | other.lots,
            classes=self.classes | other.classes,
        )


EMPTY = Load()


def load_of(sku: Any, quantity: Decimal, sku_id: int, lot_id: int | None) -> Load:
    """Return what so many base units of goods weigh and fill.

    ``sku`` has ``weight_g, length_mm, width_mm, height_mm, storage_class``; None: not known.
    ``lot_id``: None where the lot is not known yet.
    """
    sides = (sku.length_mm, sku.width_mm, sku.height_mm)
    volume = 0 if None in sides else sides[0] * sides[1] * sides[2]
    return Load(
        weight_g=ceil(quantity * (sku.weight_g or 0)),
        volume_mm3=ceil(quantity * volume),
        skus=frozenset({sku_id}),
        lots=frozenset() if lot_id is None else frozenset({lot_id}),
        classes=frozenset({sku.storage_class}),
    )


def fits(location: Any, used: Load, adding: Load) -> Refused | None:
    """Return why ``adding`` may not be put into a location that holds ``used``; None: it may.

    ``location`` is a row of ``queries`` (with ``storage_class`` of its zone). Capacity is looked
    at where it is known, everywhere; the storage class only where goods are stored, since goods
    on their way must pass docks and lanes of any class.
    """
    return (
        _closed(location)
        or _of_another_class(location, adding)
        or _mixed(location, used, adding)
        or _too_much(location, used, adding)
    )


def check_fits(location: Any, used: Load, adding: Load) -> None:
    """Raise Refused unless ``adding`` fits into a location that holds ``used``."""
    refusal = fits(location, used, adding)
    if refusal is not None:
        raise refusal


def _closed(location: Any) -> Refused | None:
    if not location.active:
        return Refused(_l("Location %(code)s is out of use.", code=location.code))
    if location.blocked is not None:
        return Refused(
            _l(
                "Location %(code)s is blocked: %(reason)s",
                code=location.code,
                reason=location.blocked,
            )
        )
    return None


def _of_another_class(location: Any, adding: Load) -> Refused | None:
    if location.kind not in STORED or adding.classes <= {location.storage_class}:
        return None
    return Refused(
        _l("Location %(code)s is not for goods of this storage class.", code=location.code)
    )


def _mixed(location: Any, used: Load, adding: Load) -> Refused | None:
    if location.single_sku and len(used.skus | adding.skus) > 1:
        return Refused(_l("Location %(code)s holds other goods already.", code=location.code))
    if location.single_lot and len(used.lots | adding.lots) > 1:
        return Refused(_l("Location %(code)s holds another lot already.", code=location.code))
    return None


def _too_much(location: Any, used: Load, adding: Load) -> Refused | None:
    most = location.most_weight_g
    if most is not None and used.weight_g + adding.weight_g > most:
        return Refused(
            _l(
                "Location %(code)s is full: it bears %(kg)s kg more.",
                code=location.code,
                kg=_left(most - used.weight_g, 1000),
            )
        )
    most = location.most_volume_mm3
    if most is not None and used.volume_mm3 + adding.volume_mm3 > most:
        return Refused(
            _l(
                "Location %(code)s is full: it has room for %(litres)s litres more.",
                code=location.code,
                litres=_left(most - used.volume_mm3, 10**6),
            )
        )
    return None


def _left(amount: int, unit: int) -> str:
    return f"{max(amount, 0) / unit:.1f}".removesuffix(".0")
