"""One way to write the name of a place, so that all ways of writing it are found."""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

from portal.core.search import normalise as plain

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_APART = re.compile(r"[\W_]+")
_SILENT = re.compile("['\u2019\u2018`\u00b4\u02bb\u02bc]")  # apostrophes: Xi'an is Xian
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_KIND = re.compile(
    r"(?:(?:[\u3400-\u9fff]{1,6}族|各族)+自治[州县]|自治[州县旗区]|地区|特别行政区|[省市区县盟旗州])$"
)
_KINDS_LATIN = tuple(
    f" {word}"
    for word in "city shi province sheng district qu county xian prefecture municipality".split()
)
_KIND_LATIN = re.compile(f"(?:{'|'.join(_KINDS_LATIN)})+$")
#: Peoples that autonomous places are named after, without 族 as some write them.
_PEOPLES = re.compile(
    "(?:回族|满族|壮族|苗族|侗族|瑶族|土家族|彝族|藏族|羌族|傣族|白族|黎族|畲族|蒙古族|蒙古|朝鲜族"
    "|布依族|仡佬族|水族|仫佬族|毛南族|哈尼族|景颇族|傈僳族|佤族|拉祜族|纳西族|独龙族|怒族|普米族"
    "|布朗族|裕固族|保安族|东乡族|撒拉族|土族|哈萨克族?|哈萨克|锡伯族?|锡伯|塔吉克族?|塔吉克"
    "|柯尔克孜族?|柯尔克孜|达斡尔族|鄂温克族|鄂伦春族|各族|维吾尔)+(?=自治)"
)


def has_han(text: str) -> bool:
    """Return whether ``text`` holds Chinese characters."""
    return HAN.search(text) is not None


@lru_cache(maxsize=4096)
def normalise(name: str) -> str:
    """Return a name without case, marks, punctuation; in simplified characters."""
    if name.isascii():
        return _APART.sub(" ", _SILENT.sub("", name).lower()).strip()
    text = _SILENT.sub("", plain(name))
    if not text.isascii():
        bare = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        text = unicodedata.normalize("NFC", "".join(bare)).casefold()
    return _BETWEEN_HAN.sub("", _APART.sub(" ", text).strip())


def short(name: str) -> str:
    """Return a normalised name without the word for its kind: 杭州市 is 杭州."""
    if name.isascii() or not has_han(name):
        return _KIND_LATIN.sub("", name) if name.endswith(_KINDS_LATIN) else name
    bare = _PEOPLES.sub("", name)
    bare = _KIND.sub("", re.sub("自治[州县旗区]$", "县", bare))
    return bare if len(bare) >= 2 else name


def traditional(name: str) -> str:
    """Return a name in traditional characters."""
    return str(_traditional().convert(name))


@lru_cache(maxsize=1)
def _traditional() -> OpenCC:
    return OpenCC("s2t")
