"""How sheets about goods are written: what heads a column, what a level is called, a day.

For notices and orders alike; a column that only one of them has stands there.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from portal.core.errors import Invalid
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.rules.kinds import LEVELS

#: Column → how people head it, as ``plain`` gives it. The first is our own.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "sku": (
        *("sku", "code", "item", "article", "skucode", "itemcode", "sku编码", "sku編碼"),
        *("货号", "貨號", "编码", "編碼", "品号", "品號", "商品编码", "商品編碼", "商品编号"),
        *("商品編號", "货品编码", "貨品編碼", "物料编码", "物料編碼"),
    ),
    "quantity": ("quantity", "qty", "amount", "数量", "數量", "件数", "件數"),
    "level": (
        *("level", "pack", "packing", "uom", "包装", "包裝", "包装单位", "包裝單位"),
        *("单位", "單位"),
    ),
    "lot": (
        *("lot", "batch", "lotno", "serial", "serialno", "serialnumber", "批次", "批号", "批號"),
        *("序列号", "序列號", "批次号", "批次號"),
    ),
    "expires_on": (
        *("expireson", "expires", "expiry", "expirydate", "效期", "有效期", "有效期至", "到期日"),
        *("到期日期", "失效日期"),
    ),
}
#: How a level is written, in small letters → the level.
LEVEL_WORDS: Mapping[str, str] = {
    **{level: level for level in LEVELS},
    **dict.fromkeys(("pcs", "pc", "ea", "件", "个", "個", "只", "隻", "支", "瓶", "袋"), "each"),
    **dict.fromkeys(("pack", "中包", "盒", "内盒", "內盒"), "inner"),
    **dict.fromkeys(("box", "ctn", "carton", "cs", "箱", "整箱"), "case"),
    **dict.fromkeys(("plt", "托", "托盘", "托盤", "板", "栈板", "棧板"), "pallet"),
}
FORMULA = _l("This cell holds a formula without its result. Save the file in Excel and try again.")
_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号號]?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_YEARS = range(1990, 2201)  # in which goods are made and expire


def plain(header: str) -> str:
    """Return a heading as it is compared: small, narrow letters without spaces and marks."""
    return re.sub(r"[\s_\-*:.]+", "", unicodedata.normalize("NFKC", header).lower())


def places(headers: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return column → its place in the sheet; raises Invalid where two may be meant."""
    names = {heading: name for name, headings in known.items() for heading in headings}
    found: dict[str, int] = {}
    for place, header in enumerate(headers):
        name = names.get(plain(header))
        if name in found:
            raise two_alike(headers[found[name]], header)
        if name is not None:
            found[name] = place
    return found


def two_alike(one: str, other: str) -> Invalid:
    """Return that two columns may be meant: none of them is chosen for whoever wrote the sheet."""
    return Invalid(
        _l(
            "The columns “%(one)s” and “%(other)s” mean the same here. "
            "Keep the one that counts, and remove or rename the other.",
            one=one.strip(),
            other=other.strip(),
        )
    )


def day(text: str) -> date | None:
    """Return a day as sheets write it: 2026-11-21, 2026/11/21, 2026年11月21日, 20261121, 46347.

    A time of day behind it is left out. None for what is no day that goods can have.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text.isascii() and any(c.isdigit() and not c.isascii() for c in text):
        return None
    if re.fullmatch(r"\d{5}", text):
        return _known(_EPOCH + timedelta(days=int(text)))
    day_, _, _time = text.partition("T")
    found = _YEAR_FIRST.fullmatch(_without_time(day_)) or _COMPACT.fullmatch(_without_time(day_))
    try:
        return _known(date(*map(int, found.groups()))) if found else None
    except ValueError:
        return None


def _without_time(text: str) -> str:
    return re.sub(r"\s+\d{1,2}:\d\d.*", "", text)


def _known(found: date) -> date | None:
    return found if found.year in _YEARS else None
