"""Facts of a consignment without a database, and papers drawn of them."""

from stdnum.ean import calc_check_digit

from portal.core import gs1, i18n
from portal.documents.drawing import Drawing
from portal.documents.facts import Facts, Party, Unit
from portal.documents.papers.marks import Brand
from portal.documents.rules import Paper
from portal.documents.words import words

BRAND = Brand("Lingang Distribution Centre", "Quayside", "0571 5550 0100", "a@b.example", "Lingang")


def party(name: str) -> Party:
    return Party(
        name, "+86 138 0000 6021", "138****6021", "文一西路 998 号", "杭州", "311121 杭州", ""
    )


def unit(n: int) -> Unit:
    body = f"36901234{n:09d}"
    code = body + calc_check_digit(body)
    assert gs1.is_sscc(code)
    return Unit(code, f"洗衣液 {n}", "24 ctn", "12.5 kg", "40 × 30 × 30 cm")


def sample(no: str = "QS4F7K2M9T0XB7", *, pieces: int = 1, **values: object) -> Facts:
    usual = {
        "no": no,
        "order_ref": "SO-1",
        "service": "standard",
        "service_name": "Standard delivery",
        "status": "ordered",
        "status_text": "Ordered",
        "consignor": party("华东家居 三仓"),
        "consignee": party("周敏"),
        "units": tuple(unit(n) for n in range(1, pieces + 1)),
        "gross": "12.5 kg",
        "chargeable": "12.5 kg",
        "volume": "0.036 m³",
        "declared": "",
        "cod": "",
        "insurance": "",
        "freight": "",
        "payer": "Consignor",
        "is_dangerous": False,
        "temperature": "",
        "note": "",
        "ordered": "2026-11-20 18:04",
        "planned_pickup": "2026-11-20 22:04",
        "pickup": "",
        "delivery": "2026-11-22 18:00",
        "window": "",
        "delivered": "",
        "state_of": "2026-11-20 18:04",
        "track_url": f"https://portal.example/track/{no}",
    }
    return Facts(**(usual | values))


def drawn(paper: str, many: list[Facts], language: str = "en") -> bytes:
    """Draw papers with the words of a language; needs an application context."""
    with i18n.speaking(language):
        drawing = Drawing(Paper(paper), language, words(), BRAND)
    drawing.add(many)
    return drawing.finish()
