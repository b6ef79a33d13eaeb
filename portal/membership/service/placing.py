"""Where an applicant's address is: found in the gazetteer, or chosen by him where it is unsure."""

from typing import Any

from portal.membership.rules.reading import ADDRESS, PLACE
from portal.places import queries as places
from portal.places.rules import CHOSEN, LOW_CONFIDENCE, Place

NONE = "none"  # what is chosen where no place offered is the right one


def located(value: dict[str, Any], before: Any) -> dict[str, Any]:
    """Return an address with the place that was found for it.

    The same address as ``before`` keeps its place, which may have been chosen by a person.
    """
    if value.get("chosen"):
        return value
    given = {part: value.get(part, "") for part in ADDRESS}
    if isinstance(before, dict) and all(before.get(part, "") == given[part] for part in ADDRESS):
        return given | {part: before[part] for part in PLACE if part in before}
    found = places.find(given["address"], **_around(given)) if given["city"] else None
    return given | (_place(found, found.confidence) if found else {})


def _around(given: dict[str, Any]) -> dict[str, Any]:
    return {"city": given["city"], "country": given["country"], "postcode": given["postcode"]}


def _place(place: Place, confidence: float) -> dict[str, Any]:
    return {
        "lat": place.lat,
        "lon": place.lon,
        "confidence": confidence,
        "place": place.name,
        "place_en": place.name_en,
        "division_code": place.division_code,
    }


def offered(value: dict[str, Any]) -> list[Place]:
    """Return the places to choose from where the address is not sure; none where it is."""
    if value.get("chosen") or not value.get("city"):
        return []
    if (value.get("confidence") or 0) >= LOW_CONFIDENCE:
        return []
    return places.candidates(value.get("address"), **_around(value))


def name_of(place: Place) -> str:
    """Return what a form names a place by."""
    return f"{place.lat:.5f},{place.lon:.5f}"


def chosen(value: dict[str, Any], choice: str) -> dict[str, Any]:
    """Return an address with the place that a person chose of those offered."""
    if choice == NONE:
        return value | {"chosen": NONE}
    place = next((each for each in offered(value) if name_of(each) == choice), None)
    return value if place is None else value | _place(place, CHOSEN) | {"chosen": "yes"}
