"""Where a party is: one of the places found, or co-ordinates."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Form, RadioField, SelectChoice, StringField

from portal.consignments.forms.kinds import AtMost
from portal.core.i18n import lazy as _l
from portal.places import queries, rules
from portal.places.rules import Place

#: The choice of whoever writes co-ordinates himself.
OWN = "own"
_NUMBER = re.compile(r"([+-]?\d{1,4}(?:\.\d{1,18})?)\s*°?\s*([NSEWnsew]?)")


class PlaceForm(Form):
    """One of the places found, or latitude and longitude."""

    choice = RadioField(_l("Which of these is it?"), validate_choice=False)
    lat = StringField(
        _l("Latitude"),
        [AtMost(40)],
        description=_l("In degrees, such as 30.2741; south is below 0."),
    )
    lon = StringField(
        _l("Longitude"),
        [AtMost(40)],
        description=_l("In degrees, such as 120.1551; west is below 0."),
    )
    sure = BooleanField(_l("The co-ordinates are right all the same"))
    book = BooleanField(_l("Keep this for the same address in the address book too"))

    #: (latitude, longitude, confidence) of a valid form.
    position: tuple[float, float, float] | None = None
    #: Whether the form asks back: the co-ordinates are unlikely, and may be right.
    asks_back = False

    def offer(self, places: Sequence[Place], locale: str) -> None:
        """Let one of these places be chosen."""
        self.places = places
        self.choice.choices = [
            *(SelectChoice(str(n), place.shown(locale)) for n, place in enumerate(places)),
            SelectChoice(OWN, _l("None of them: I give the co-ordinates")),
        ]

    def validate_for(self, near: Place | None) -> bool:
        """Check what was chosen or written; ``near`` is where the address was found."""
        if not self.validate():
            return False
        chosen = self.choice.data or (OWN if self.lat.data or self.lon.data else "")
        if chosen == OWN:
            return self._check_own(near)
        if not (chosen.isascii() and chosen.isdigit() and int(chosen) < len(self.places)):
            return self._wrong(self.choice, _l("Choose one of the places, or write co-ordinates."))
        place = self.places[int(chosen)]
        self.position = place.lat, place.lon, rules.CHOSEN
        return True

    def _check_own(self, near: Place | None) -> bool:
        lat, lon = number(self.lat.data), number(self.lon.data)
        for field, value in ((self.lat, lat), (self.lon, lon)):
            if value is None:
                self._wrong(field, _l("Write degrees as a number, such as 30.2741."))
        if lat is None or lon is None:
            return False
        for fault in rules.faults(lat, lon, near=near):
            self._wrong(self[fault.field], fault.message)
        if self.lat.errors or self.lon.errors:
            return False
        self.position = lat, lon, rules.GIVEN
        return bool(self.sure.data) or self._is_likely(lat, lon, near)

    def _is_likely(self, lat: float, lon: float, near: Place | None) -> bool:
        trust = queries.trust(lat, lon, near)
        if not rules.is_low(trust):
            return True
        self.asks_back = True
        if trust == rules.AT_SEA:
            sentence = _l("This is far from every place we know, perhaps in the sea. Is it right?")
        else:
            sentence = _l("This is far from the city of the address. Is it right?")
        return self._wrong(self.lat, sentence)

    @staticmethod
    def _wrong(field: Any, sentence: Any) -> bool:
        field.errors = [*field.errors, sentence]
        return False


def number(typed: str | None) -> float | None:
    """Return degrees as people write them: -12.5, 12,5, 30.27° N, full-width; None: no number."""
    plain = unicodedata.normalize("NFKC", typed or "").strip().replace("\u2212", "-")
    plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain
    found = _NUMBER.fullmatch(plain)
    if found is None:
        return None
    value = float(found[1])
    return -abs(value) if found[2].upper() in ("S", "W") and found[2] else value
