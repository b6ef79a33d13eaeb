"""Words in cells that stand for codes: countries, units of quantity, services."""

import re
import unicodedata
from functools import lru_cache

from babel import Locale

from portal.core.i18n import lazy as _l
from portal.exchange.rules import cells
from portal.exchange.rules.problems import Unreadable

COUNTRY_LANGUAGES = ("en", "zh_Hans", "zh_Hant", "de", "fr", "es")
#: Names in use that CLDR does not list, normalised as ``_key`` does.
COUNTRY_ALIASES = {
    "congodrc": "CD", "drc": "CD", "drcongo": "CD", "democraticrepublicofthecongo": "CD",
    "congokinshasa": "CD", "congo": "CG", "republicofthecongo": "CG", "congobrazzaville": "CG",
    "vietnam": "VN", "swaziland": "SZ", "ivorycoast": "CI", "burma": "MM",
    "usa": "US", "us": "US", "unitedstatesofamerica": "US", "america": "US", "uk": "GB",
    "greatbritain": "GB", "england": "GB", "scotland": "GB", "korea": "KR", "southkorea": "KR",
    "republicofkorea": "KR", "northkorea": "KP", "russianfederation": "RU", "holland": "NL",
    "czechrepublic": "CZ", "macedonia": "MK", "capeverde": "CV", "easttimor": "TL", "uae": "AE",
    "prc": "CN", "prchina": "CN", "peoplesrepublicofchina": "CN", "mainlandchina": "CN",
    "中华人民共和国": "CN", "中國": "CN", "中国大陆": "CN", "中國大陸": "CN", "大陆": "CN",
    "hongkong": "HK", "香港": "HK", "中国香港": "HK", "macau": "MO", "macao": "MO", "澳门": "MO",
    "澳門": "MO", "中国澳门": "MO", "taiwan": "TW", "台湾": "TW", "台灣": "TW", "臺灣": "TW",
    "中国台湾": "TW", "美國": "US", "英國": "GB", "laos": "LA", "syria": "SY", "tanzania": "TZ",
    "turkey": "TR", "palestine": "PS", "moldova": "MD", "bolivia": "BO", "venezuela": "VE",
    "iran": "IR", "brunei": "BN", "刚果金": "CD", "刚果布": "CG", "chn": "CN", "gbr": "GB",
    "deu": "DE", "fra": "FR", "jpn": "JP", "kor": "KR", "vnm": "VN", "can": "CA", "aus": "AU",
}  # fmt: skip
#: UN/ECE Recommendation 20 codes; X… are packages of Recommendation 21.
UNITS = {
    "C62": ("one", "unit", "units", "u", "个", "個", "只", "隻", "单位", "支", "枚", "颗", "粒"),
    "H87": ("piece", "pieces", "pc", "pcs", "pce", "ea", "each", "件", "块", "塊", "条", "根"),
    "XBX": ("box", "boxes", "bx", "盒", "盒子"),
    "XCT": ("carton", "cartons", "ctn", "ctns", "case", "cases", "箱", "纸箱", "紙箱"),
    "XPX": ("pallet", "pallets", "plt", "plts", "托", "托盘", "托盤", "板", "栈板", "棧板"),
    "XBG": ("bag", "bags", "袋", "包"), "XBO": ("bottle", "bottles", "瓶"),
    "XPK": ("pack", "packs", "package", "packages", "packet", "pkg", "pkgs"),
    "XRO": ("roll", "rolls", "卷", "捲"), "XDR": ("drum", "drums", "桶"), "XCA": ("can", "罐"),
    "SET": ("set", "sets", "套", "组", "組"), "PR": ("pair", "pairs", "双", "雙", "对", "對"),
    "DZN": ("dozen", "dozens", "dz", "打"), "XST": ("sheet", "sheets", "张", "張", "片"),
    "KGM": ("kg", "kgs", "公斤", "千克", "kilogram", "kilograms"), "GRM": ("g", "克", "gram"),
    "TNE": ("t", "吨", "噸", "tonne", "tonnes"), "LTR": ("l", "litre", "liter", "升", "litres"),
    "MTR": ("m", "米", "metre", "meter", "metres"), "MTQ": ("m3", "立方米", "立方", "cbm"),
    "MTK": ("m2", "平方米", "sqm"), "MLT": ("ml", "毫升"),
}  # fmt: skip
SERVICES = {
    "standard": ("standard", "std", "normal", "regular", "economy", "ground", "普通", "标准",
                 "標準", "标快", "普快", "标准达", "陆运", "陸運", "普通快递"),
    "express": ("express", "exp", "priority", "urgent", "air", "nextday", "特快", "加急", "快件",
                "快递", "快遞", "次日达", "次日達", "特急", "空运"),
    "cold": ("cold", "coldchain", "chilled", "frozen", "reefer", "refrigerated", "冷链", "冷鏈",
             "冷藏", "冷冻", "冷凍", "冷运", "生鲜"),
}  # fmt: skip


def _key(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[\W_]+", "", "".join(c for c in bare if not unicodedata.combining(c)))


@lru_cache(1)
def _countries() -> dict[str, str]:
    known: dict[str, str] = {}
    for language in COUNTRY_LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("ZZ", "EU", "UN", "EZ"):
                known.setdefault(_key(name), code)
                known.setdefault(code.lower(), code)
    return known | {_key(name): code for name, code in COUNTRY_ALIASES.items()}


@lru_cache(cells.REMEMBERED)
def country(given: str) -> str:
    """Return ISO 3166-1 alpha-2 of a code or a name in Chinese, English and some others."""
    found = _countries().get(_key(cells.text(given, 100)))
    if found is None:
        raise Unreadable(_l("We do not know this country. Write its name or its two letters."))
    return found


@lru_cache(1)
def _units() -> dict[str, str]:
    named = {word: code for code, words in UNITS.items() for word in words}
    return named | {code.lower(): code for code in UNITS}


@lru_cache(1024)
def unit(given: str) -> str:
    """Return the UN/ECE Rec 20 code of a unit word or code."""
    clean = unicodedata.normalize("NFKC", cells.text(given, 30)).casefold().strip(" .")
    found = _units().get(clean)
    if found is None:
        raise Unreadable(_l("We do not know this unit. Write for example 件, 箱, pcs or kg."))
    return found


@lru_cache(1024)
def service(given: str) -> str:
    """Return standard, express or cold."""
    wanted = _key(cells.text(given, 60))
    for code, words in SERVICES.items():
        if wanted in words:
            return code
    raise Unreadable(_l("We do not know this service. Write standard, express or cold."))
