"""The form of a kind of carton: millimetres inside, kilograms when full."""

from typing import Any

from wtforms import BooleanField
from wtforms.validators import ValidationError

from portal.core.i18n import lazy as _l
from portal.warehousing.layout.forms import Code, Named, Number, names_data, typed

MOST_MM, MOST_WALL_MM = 3000, 100
MOST_TARE_G, MOST_KG = 100_000, 1000


def _side(label: Any) -> Number:
    return Number(label, 1, MOST_MM, needed=True)


class CartonTypeForm(Named):
    """A kind of carton: its names, sides inside, wall, own weight and the most it may weigh."""

    code = Code(_l("Code"), description=_l("Such as C6; it stays as it is."))
    length = _side(_l("Length inside, mm"))
    width = _side(_l("Width inside, mm"))
    height = _side(_l("Height inside, mm"))
    wall = Number(
        _l("Thickness of the wall, mm"),
        0,
        MOST_WALL_MM,
        default="4",
        needed=True,
        description=_l("Outside each side is twice that longer."),
    )
    tare = Number(_l("Weight when empty, g"), 0, MOST_TARE_G, needed=True)
    most = Number(_l("Weighs at most when full, kg"), 0, MOST_KG, unit=1000, needed=True)
    active = BooleanField(
        _l("In use"),
        default=True,
        description=_l("One that is out of use is proposed no more; what is packed in it stays."),
    )

    def validate_most(self, field: Any) -> None:
        """Refuse a carton that may not even weigh what it weighs empty."""
        most, tare = field.value, self.tare.value
        if most is not None and tare is not None and most <= tare:
            raise ValidationError(_l("It must bear more than it weighs when empty."))

    def values(self) -> dict[str, Any]:
        """Return the columns of the kind of carton."""
        sides = {f"{name}_mm": self[name].value for name in ("length", "width", "height", "wall")}
        return {
            "code": self.code.data,
            "names": self.names(),
            **sides,
            "tare_g": self.tare.value,
            "most_weight_g": self.most.value,
            "active": self.active.data,
        }


def type_data(row: Any) -> dict[str, Any]:
    """Return a kind of carton as its form shows it."""
    sides = ("length", "width", "height", "wall")
    return {
        **names_data(row.names),
        **{name: typed(getattr(row, f"{name}_mm")) for name in sides},
        "code": row.code,
        "tare": typed(row.tare_g),
        "most": typed(row.most_weight_g, 1000),
        "active": row.active,
    }
