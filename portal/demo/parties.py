"""Those to whom the demo's companies send: shops, offices and people, in an address book each."""

from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from portal.core import search
from portal.demo.places import ABROAD, CITIES, Place
from portal.places.rules import CONFIDENCE, is_low

REGULARS = 320  # to whom a company sends again and again
UNSURE, UNSURE_OF_HUNDRED = 0.35, 4  # places that somebody should put right
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建文志玉兰红梅国庆思雨欣怡子涵浩然嘉佳宁晨曦"
)
_SHOPS = ("门店", "旗舰店", "仓配中心", "体验店", "采购部", "经销处")
_FIRMS = ("和润", "佳禾", "瑞盈", "天成", "恒源", "嘉木", "远航", "同盛", "青禾", "万象")
_ABROAD_FIRMS = (
    "Halden Trading",
    "Meridian Supply",
    "Kestrel Imports",
    "Borealis Retail",
    "Solway & Co",
)
_ABROAD_PHONES = {
    "DE": "+4940{:07d}",
    "NL": "+3110{:07d}",
    "SG": "+656{:07d}",
    "JP": "+816{:08d}",
    "US": "+1213555{:04d}",
    "GB": "+44161{:07d}",
    "FR": "+334{:08d}",
    "AE": "+9714{:07d}",
}


@dataclass(frozen=True)
class Entry:
    """A party with the city it lives in."""

    name: str
    phone: str
    address: str
    postcode: str
    place: Place

    def as_party(self) -> dict[str, Any]:
        """Return the fields that the API calls a PARTY and the address book shares."""
        return {
            "name": self.name,
            "phone": self.phone,
            "address": self.address,
            "city": self.place.city,
            "country": self.place.country,
            "postcode": self.postcode,
        }

    @property
    def position(self) -> dict[str, float]:
        """Return where it is held to be: its city, and of a few nobody is sure of that."""
        confidence = UNSURE if int(self.phone[-2:]) < UNSURE_OF_HUNDRED else CONFIDENCE["city"]
        return {"lat": self.place.lat, "lon": self.place.lon, "confidence": confidence}

    @cached_property
    def columns(self) -> dict[str, dict[str, Any]]:
        """Return the columns of a consignment, as its consignor and as its consignee."""
        sure = {**self.position, "confidence": CONFIDENCE["city"]}
        fields = {**self.as_party(), "division": self.place.division}
        consignee = {**fields, **self.position}
        return {
            "consignor": {f"consignor_{name}": v for name, v in {**fields, **sure}.items()},
            "consignee": {f"consignee_{name}": v for name, v in consignee.items()}
            | {"unsure_places": int(is_low(consignee["confidence"]))},
        }

    @cached_property
    def words_as_consignee(self) -> str:
        """Return its search words where it receives."""
        return search.document(
            self.name, self.place.city, self.address, self.phone, self.phone[-4:]
        )

    @cached_property
    def words_as_consignor(self) -> str:
        """Return its search words where it sends."""
        return search.document(self.name, self.place.city)


def house_number(rng: Random) -> int:
    """Return the number of a house, low ones more often."""
    return int(1 + rng.betavariate(1.2, 3) * 900)


def phone(rng: Random, place: Place) -> str:
    """Return a plausible number in E.164."""
    if place.country == "CN":
        return f"+86{rng.choice(('138', '139', '150', '186', '177'))}{rng.randrange(10**8):08d}"
    form = _ABROAD_PHONES[place.country]
    digits = 4 if ":04d" in form else 8 if ":08d" in form else 7
    return form.format(rng.randrange(10 ** (digits - 1), 10**digits))


def address_book(rng: Random, abroad: float, *, near: Place) -> tuple[Entry, ...]:
    """Return REGULARS parties, of which the share ``abroad`` is foreign and the near ones many."""
    closest = sorted(CITIES, key=lambda p: (p.lat - near.lat) ** 2 + (p.lon - near.lon) ** 2)
    weights = [1 / (rank + 2) for rank in range(len(closest))]
    places = rng.choices(closest, weights, k=REGULARS)
    return tuple(
        _foreign(rng) if rng.random() < abroad else _domestic(rng, place) for place in places
    )


def _domestic(rng: Random, place: Place) -> Entry:
    if rng.random() < 0.35:
        name = f"{place.city}{rng.choice(_FIRMS)}{rng.choice(_SHOPS)}"
    else:
        name = rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2))))
    address = f"{rng.choice(place.streets)} {house_number(rng)} 号"
    if rng.random() < 0.5:
        address += f" {rng.randrange(1, 20)} 幢 {rng.randrange(1, 25)}0{rng.randrange(1, 5)} 室"
    return Entry(
        name, phone(rng, place), address, f"{place.postcode}{rng.randrange(100):02d}", place
    )


def _foreign(rng: Random) -> Entry:
    place = rng.choice(ABROAD)
    address = f"{rng.choice(place.streets)} {house_number(rng)}"
    postcode = f"{place.postcode}{rng.randrange(10 ** max(1, 5 - len(place.postcode)))}"
    return Entry(rng.choice(_ABROAD_FIRMS), phone(rng, place), address, postcode, place)
