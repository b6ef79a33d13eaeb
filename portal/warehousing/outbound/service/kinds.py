"""Kinds of cartons that a centre begins to pack with."""

from sqlalchemy import Connection, insert, select

from portal.warehousing.outbound.models import CartonType

#: Code, sides inside in mm, own weight and most weight in g.
USUAL = (
    ("C12", (130, 80, 90), 30, 2_000),
    ("C10", (175, 95, 115), 50, 3_000),
    ("C8", (210, 110, 140), 80, 5_000),
    ("C6", (260, 150, 180), 140, 10_000),
    ("C4", (350, 190, 230), 260, 15_000),
    ("C3", (430, 210, 270), 380, 20_000),
    ("C2", (530, 230, 290), 520, 25_000),
    ("C1", (530, 290, 370), 700, 30_000),
    ("C0", (600, 400, 400), 950, 30_000),
)
_TYPE = CartonType.__table__


def make_usual(*, on: Connection) -> None:
    """Enter the usual kinds where there are none at all."""
    if on.scalar(select(_TYPE.c.id).limit(1)) is None:
        on.execute(insert(_TYPE), [_row(*kind) for kind in USUAL])


def _row(code: str, sides: tuple[int, int, int], tare_g: int, most_g: int) -> dict[str, object]:
    number = code[1:]
    names = {
        "zh-Hans": f"{number} 号纸箱",
        "zh-Hant": f"{number} 號紙箱",
        "en": f"Carton no. {number}",
    }
    measures = dict(zip(("length_mm", "width_mm", "height_mm"), sides, strict=True))
    weights = {"tare_g": tare_g, "most_weight_g": most_g}
    return {"code": code, "names": names, "wall_mm": 4, "active": True, **measures, **weights}
