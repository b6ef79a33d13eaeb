"""Belts of parcels with the postcodes of real towns: levels."""

from functools import lru_cache
from typing import Any

from portal.club.games.rules.chance import Chance
from portal.club.games.rules.moves import Move
from portal.club.games.rules.sort import GAP, SEEN, chute_of

#: Postcode → town: Chinese and in Latin letters.
TOWNS: tuple[tuple[str, str, str], ...] = (
    ("010010", "呼和浩特", "Hohhot"),
    ("030001", "太原", "Taiyuan"),
    ("050011", "石家庄", "Shijiazhuang"),
    ("063000", "唐山", "Tangshan"),
    ("100020", "北京", "Beijing"),
    ("110013", "沈阳", "Shenyang"),
    ("116001", "大连", "Dalian"),
    ("130022", "长春", "Changchun"),
    ("150001", "哈尔滨", "Harbin"),
    ("200040", "上海", "Shanghai"),
    ("210008", "南京", "Nanjing"),
    ("215004", "苏州", "Suzhou"),
    ("230001", "合肥", "Hefei"),
    ("250011", "济南", "Jinan"),
    ("266001", "青岛", "Qingdao"),
    ("300040", "天津", "Tianjin"),
    ("310012", "杭州", "Hangzhou"),
    ("315010", "宁波", "Ningbo"),
    ("330006", "南昌", "Nanchang"),
    ("350001", "福州", "Fuzhou"),
    ("361003", "厦门", "Xiamen"),
    ("400010", "重庆", "Chongqing"),
    ("410011", "长沙", "Changsha"),
    ("430014", "武汉", "Wuhan"),
    ("450003", "郑州", "Zhengzhou"),
    ("510030", "广州", "Guangzhou"),
    ("518001", "深圳", "Shenzhen"),
    ("523008", "东莞", "Dongguan"),
    ("530012", "南宁", "Nanning"),
    ("550002", "贵阳", "Guiyang"),
    ("570102", "海口", "Haikou"),
    ("610016", "成都", "Chengdu"),
    ("650021", "昆明", "Kunming"),
    ("710002", "西安", "Xi’an"),
    ("730030", "兰州", "Lanzhou"),
    ("750004", "银川", "Yinchuan"),
    ("810000", "西宁", "Xining"),
    ("830002", "乌鲁木齐", "Ürümqi"),
)
#: Which first figures of a postcode go down chutes 1, 2 and 3.
PLANS: tuple[tuple[str, str, str], ...] = (
    ("23", "45", "01678"),
    ("013", "245", "678"),
    ("12", "345", "0678"),
    ("0123", "45", "678"),
    ("25", "134", "0678"),
)
MARKS = ("flammable", "lithium", "gas", "corrosive", "leaking")
PARCELS, MARKED_IN_100 = 56, 18
#: ms between two parcels and on the belt, at the beginning and at the end.
EVERY, ON_BELT = (2400, 1050), (6500, 3400)
CALM = 2  # times as long, where nobody counts


@lru_cache(maxsize=64)
def level(seed: int, calm: bool = False) -> dict[str, Any]:
    """Return the level that a seed makes; ``calm``: with twice the time."""
    chance = Chance(seed)
    chutes = chance.pick(PLANS)
    slower = CALM if calm else 1
    at, parcels = 1500, []
    for number in range(PARCELS):
        parcels.append(_parcel(chance, at * slower, _eased(ON_BELT, number) * slower))
        at += _eased(EVERY, number) + chance.between(-150, 150)
    return {
        "game": "sort",
        "plan": {figure: chute for chute, figures in enumerate(chutes, 1) for figure in figures},
        "chutes": list(chutes),
        "gap": GAP,
        "parcels": parcels,
    }


def _eased(span: tuple[int, int], number: int) -> int:
    return span[0] - (span[0] - span[1]) * number // (PARCELS - 1)


def _parcel(chance: Chance, at: int, stays: int) -> dict[str, Any]:
    postcode, town, latin = chance.pick(TOWNS)
    mark = chance.pick(MARKS) if chance.below(100) < MARKED_IN_100 else ""
    return {
        "at": at,
        "until": at + stays,
        "postcode": postcode,
        "town": town,
        "latin": latin,
        "mark": mark,
    }


def log_of(made: dict[str, Any], chance: Chance, slips: int = 8) -> list[Move]:
    """Return a log as a hand makes it: quick, never even, ``slips`` of 100 keys wrong."""
    moves: list[Move] = []
    free = 0
    for parcel in made["parcels"]:
        at = max(parcel["at"], free) + SEEN + 250 + chance.below(900)
        if at > parcel["until"]:
            free = max(free, parcel["until"])
            continue
        right = chute_of(made["plan"], parcel)
        slipped = chance.below(100) < slips
        moves.append([at, right % 4 + 1 if slipped else right])
        free = at
    return moves
