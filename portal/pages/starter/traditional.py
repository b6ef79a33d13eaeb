"""Traditional Chinese from simplified: Taiwan's characters, and the words of the trade."""

from functools import lru_cache

from opencc import OpenCC

from portal.core.catalogues import CORRECTIONS, TERMS

#: What the converter writes of these pages, and what is meant.
OWN = (
    ("託盤", "棧板"),
    ("托盤", "棧板"),
    ("釐米", "公分"),
    ("千克", "公斤"),
    ("公裡", "公里"),
    ("掃碼", "掃描"),
    ("對公轉帳", "公司轉帳"),
    ("自動匹配", "自動比對"),
    ("開票", "開立發票"),
)


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("s2twp")


def traditional(text: str) -> str:
    """Return simplified Chinese as readers of traditional characters write it."""
    for written, meant in TERMS:
        text = text.replace(written, meant)
    text = str(_converter().convert(text))
    text = text.translate({ord("“"): "「", ord("”"): "」", ord("‘"): "『", ord("’"): "』"})
    for written, meant in (*CORRECTIONS, *OWN):
        text = text.replace(written, meant)
    return text
