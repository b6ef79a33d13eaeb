"""What three members store at the demo's warehouses: home ware, electronics, tea.

Goods of every kind: with lots and dates, with serial numbers, chilled, dangerous, sets; packed in
inners, cases and pallets, with GTINs whose check digits are right, and some with photos.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from opencc import OpenCC
from sqlalchemy import Connection, select, update

from portal.accounts.models import Company
from portal.core import scope
from portal.core.gs1 import check_digit
from portal.demo.warehouse_photos import draw
from portal.warehousing.goods.models import Sku
from portal.warehousing.goods.rules.draft import Draft, UnitDraft
from portal.warehousing.goods.service import editing, pictures

_SKU, _COMPANY = Sku.__table__, Company.__table__
#: Owners, in the order in which they are filled.
HOME, TECH, TEA = "华东家居", "珠江科技", "云栖茶业"
OWNERS = (HOME, TECH, TEA)
#: code, name, English name, grams, length × width × height in mm, in a case, on a pallet, and
#: marks: lot, serial, exp=days, cold=low/high, un=number/class, inner=n, low=n, kg,
_GOODS = {
    HOME: """
SOF-CUS-45|亚麻靠垫套 45×45 cm|Linen cushion cover 45×45 cm|180|300x220x15|40|1200|low=120
LMP-FLR-01|落地灯 暖光|Floor lamp, warm light|6800|1560x260x240|1|24|low=10
LMP-DSK-02|护眼台灯|Desk lamp|1350|420x180x160|8|192|low=30
CER-BWL-06|骨瓷饭碗 6 只装|Bone china bowls, set of 6|1900|340x130x130|6|180|low=40
CER-CUP-02|陶瓷马克杯 350 ml|Ceramic mug 350 ml|380|120x95x105|24|960|inner=6 low=100
CHR-OAK-02|实木餐椅|Solid oak chair|7200|560x500x880|2|24|low=12
MAT-MEM-15|记忆棉床垫 1.5 米|Memory foam mattress 1.5 m|26500|1520x420x420|1|8|
CUR-LIN-02|亚麻窗帘 两片|Linen curtains, pair|3200|420x320x180|6|96|low=24
RUG-WOL-23|羊毛地毯 2×3 米|Wool rug 2×3 m|16400|2040x280x280|1|20|
BOX-STO-3L|三层收纳柜|Storage cabinet, 3 drawers|18900|860x460x220|1|12|
TOW-COT-70|纯棉浴巾 70×140 cm|Cotton bath towel 70×140 cm|620|350x280x60|20|480|low=80
BED-SET-20|四件套 2.0 米床|Bedding set for a 2.0 m bed|3400|420x340x120|6|120|low=30
DET-LIQ-3L|洗衣液 3 升|Laundry liquid 3 l|3200|190x110x300|6|168|lot exp=1095 low=60
DET-POD-52|洗衣凝珠 52 颗|Laundry capsules, 52|980|220x150x120|12|360|lot exp=730 low=60
SHA-GIN-50|生姜洗发水 500 ml|Ginger shampoo 500 ml|560|75x75x210|24|960|lot exp=1095 low=120
SOA-JAS-12|茉莉香皂 125 g|Jasmine soap 125 g|135|90x60x35|96|3840|lot exp=1095 inner=12 low=200
TIS-SOF-24|抽纸 24 包|Tissues, 24 packs|3600|480x360x260|2|64|low=40
CND-SOY-02|大豆香薰蜡烛|Scented soy candle|420|90x90x110|24|720|low=48
SPR-AER-45|空气清新剂 450 ml|Air freshener 450 ml|520|65x65x245|12|480|lot exp=1095 un=1950/2.1
GFT-HOME-1|乔迁礼盒|House-warming gift box|2100|360x260x160|4|96|low=20
""",
    TECH: """
KB-MEC-87|机械键盘 87 键|Mechanical keyboard, 87 keys|960|400x170x60|10|300|low=60
MS-WLS-03|无线鼠标|Wireless mouse|140|150x110x60|40|1600|inner=10 low=150
CBL-USBC-2|USB-C 数据线 2 米|USB-C cable 2 m|60|160x90x25|200|8000|inner=20 low=500
HUB-USB-07|USB-C 扩展坞 七合一|USB-C hub, 7 in 1|190|170x110x40|40|1600|low=80
STD-LAP-01|铝合金笔记本支架|Aluminium laptop stand|1250|290x260x50|10|300|low=40
CHG-GAN-65|氮化镓充电器 65 W|GaN charger 65 W|130|90x70x40|80|3200|inner=10 low=200
RTR-IND-4G|4G 工业路由器|Industrial 4G router|720|260x180x60|12|288|serial low=24
MON-27-4K|27 英寸 4K 显示器|27-inch 4K monitor|7600|700x520x190|1|24|serial low=12
LCK-SMT-02|智能门锁|Smart door lock|1900|380x200x120|6|120|serial low=18
EAR-BT-05|蓝牙耳机|Bluetooth earphones|90|110x90x40|40|1600|serial inner=10 low=80
PWB-20K-02|移动电源 20000 mAh|Power bank 20,000 mAh|410|170x90x35|24|576|lot un=3480/9 low=96
PSU-SRV-80|服务器电源模块 800 W|Server power module 800 W|2100|320x110x90|6|144|serial low=12
LBL-THM-60|热敏标签纸 60×40|Thermal labels 60×40|260|110x110x60|50|2000|low=100
SET-DESK-1|桌面办公套装|Desk set|2600|420x320x140|4|96|low=16
""",
    TEA: """
TEA-LJ-250|明前龙井 250 g|Longjing tea 250 g|310|120x120x150|24|960|lot exp=540 low=120
TEA-JQ-100|九曲红梅 100 g|Jiuqu red tea 100 g|150|90x90x120|48|1920|lot exp=720 low=120
TEA-AJ-125|安吉白茶 125 g|Anji white tea 125 g|170|95x95x130|48|1920|lot exp=540 low=96
TEA-PE-357|普洱茶饼 357 g|Pu’er tea cake 357 g|380|200x200x25|28|840|lot exp=3650 low=56
TEA-JAS-50|茉莉花茶 50 g 小罐|Jasmine tea, 50 g tin|80|70x70x80|60|2400|lot exp=720 inner=6 low=120
TEA-BAG-25|绿茶袋泡 25 包|Green tea, 25 bags|75|130x70x75|72|2880|lot exp=720 low=144
HNY-ACA-50|洋槐蜂蜜 500 g|Acacia honey 500 g|720|85x85x130|12|480|lot exp=540 low=60
COK-GRN-20|抹茶曲奇 200 g|Matcha cookies 200 g|260|180x120x60|24|720|lot exp=270 low=96
CLD-TEA-30|冷泡茶饮 300 ml|Cold-brewed tea 300 ml|330|65x65x170|24|960|lot exp=45 cold=2/8 low=240
LEAF-FRE-01|鲜茶青 散装|Fresh tea leaves, loose|1000|400x300x200|||lot exp=7 cold=2/6 kg low=50
CUP-CEL-02|青瓷品茗杯 两只|Celadon cups, pair|320|180x100x90|24|720|low=60
GFT-TEA-SP|西湖茶礼|West Lake tea gift|1300|380x280x120|6|144|exp=540 low=24
""",
}


#: Goods with a photo: code, its shape and its colour.
_PHOTOS = {
    "SOF-CUS-45": ("soft", "8a9a83"),
    "LMP-FLR-01": ("lamp", "c9a227"),
    "CER-BWL-06": ("bowl", "5d7f99"),
    "CER-CUP-02": ("cup", "b0563f"),
    "TOW-COT-70": ("soft", "d9a6a0"),
    "DET-LIQ-3L": ("bottle", "4f7fb5"),
    "SHA-GIN-50": ("bottle", "8f6b3a"),
    "CND-SOY-02": ("tin", "7a4b6a"),
    "SPR-AER-45": ("bottle", "2f8f7f"),
    "GFT-HOME-1": ("box", "b3392f"),
    "KB-MEC-87": ("device", "39424e"),
    "MS-WLS-03": ("device", "6b7480"),
    "CHG-GAN-65": ("device", "e0e3e6"),
    "RTR-IND-4G": ("device", "2b5c8a"),
    "MON-27-4K": ("device", "20262c"),
    "PWB-20K-02": ("device", "444a55"),
    "SET-DESK-1": ("box", "2b5c8a"),
    "TEA-LJ-250": ("tin", "5c7f3a"),
    "TEA-JQ-100": ("tin", "7c2f27"),
    "TEA-JAS-50": ("tin", "d8b25a"),
    "HNY-ACA-50": ("bottle", "d69a2d"),
    "CLD-TEA-30": ("bottle", "88b04b"),
    "CUP-CEL-02": ("cup", "7fa79b"),
    "GFT-TEA-SP": ("box", "3f6b4f"),
}


def fill(companies: Iterable[str] = OWNERS, *, at: datetime, on: Connection) -> None:
    """Enter at that instant the goods of those of ``companies`` (names) that the demo has."""
    script = OpenCC("s2twp")
    for number, owner in enumerate(OWNERS):
        company = on.scalar(select(_COMPANY.c.id).where(_COMPANY.c.name == owner))
        if owner not in companies or company is None:
            continue
        for place, line in enumerate(_GOODS[owner].strip().splitlines()):
            draft = _draft(line, f"69{number + 3}{place + 1:04d}", script)
            id_ = editing.create(draft, company, by=None, on=on)
            _known(id_, company, draft.code, at, on)


def _draft(line: str, stem: str, script: OpenCC) -> Draft:
    code, name, english, grams, size, case, pallet, marked = line.split("|")
    marks = dict([*mark.split("=", 1), ""][:2] for mark in marked.split())
    length, width, height = map(int, size.split("x"))
    gtin = _gtin(f"{stem}20261"[:12])
    measures: dict[str, Any] = {
        "weight_g": int(grams),
        "length_mm": length,
        "width_mm": width,
        "height_mm": height,
    }
    weight = {"inner": marks.get("inner"), "case": case, "pallet": pallet}
    return Draft(
        code=code,
        names={"zh-Hans": name, "zh-Hant": script.convert(name), "en": english},
        gtin=gtin,
        unit="KGM" if "kg" in marks else "C62",
        units=tuple(_units(weight, gtin, measures)),
        low_stock=Decimal(marks["low"]) if "low" in marks else None,
        over_receipt_bp=500 if "kg" in marks else 0,
        **measures,
        **_policies(marks),
    )


def _policies(marks: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "lot_policy": next((m for m in ("lot", "serial") if m in marks), "none")
    }
    if "exp" in marks:
        days = int(marks["exp"])
        found |= {"has_expiry": True, "shelf_life_days": days}
        found |= {"least_days_in": days // 3, "least_days_out": days // 6}
    if "cold" in marks:
        low, high = map(int, marks["cold"].split("/"))
        found |= {"storage_class": "chilled", "temperature_min_c": low, "temperature_max_c": high}
    if "un" in marks:
        number, class_ = marks["un"].split("/")
        found |= {"storage_class": "hazardous", "hazard_un": number, "hazard_class": class_}
    return found


def _units(holds: dict[str, str | None], gtin: str, one: dict[str, int]) -> Iterator[UnitDraft]:
    """Yield the larger units; a case has the GTIN of the piece with an indicator in front."""
    for indicator, (level, text) in enumerate(holds.items()):
        if not text or int(text) < 2:
            continue
        many = int(text)
        code = None if level == "pallet" else _gtin(f"{indicator + 1}{gtin[:12]}")
        weight = one["weight_g"] * many + {"inner": 40, "case": 450, "pallet": 22_000}[level]
        yield UnitDraft(level=level, holds=Decimal(many), gtin=code, weight_g=weight)


def _gtin(body: str) -> str:
    return f"{body}{check_digit(body)}"


def _known(id_: int, company: int, code: str, since: datetime, on: Connection) -> None:
    """Let goods be as old as their stock, with their photo."""
    values: dict[str, Any] = {"created_at": since, "changed_at": since}
    if code in _PHOTOS:
        values["picture_key"] = pictures.keep(draw(*_PHOTOS[code]))
    mine = update(_SKU).where(_SKU.c.company_id == company, _SKU.c.id == id_)
    on.execute(mine.values(**values).execution_options(**scope.of(company)))
