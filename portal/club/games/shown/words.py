"""The words that the scripts of the games put into their pages; {names} are filled in there."""

from portal.core.i18n import lazy as _l

#: In every game.
ALL = {
    "sound_on": _l("Sound is on"),
    "sound_off": _l("Sound is off"),
    "score": _l("{score} points"),
    "practised": _l("Practice: {score} points. Nothing of it is kept."),
    #: Two sentences, one after the other.
    "two": _l("{one} {other}"),
    "kept": _l("Your moves were kept in this browser; here they are again."),
    "handing_in": _l("Handing in …"),
}
KINDS = {
    "pallet": _l("Pallet"),
    "pallet_low": _l("Low pallet"),
    "crate": _l("Wooden crate"),
    "carton": _l("Standard carton"),
    "carton_large": _l("Large carton"),
    "fridge": _l("Refrigerator"),
    "washer": _l("Washing machine"),
    "sofa": _l("Sofa"),
    "drum": _l("Steel drum"),
    "glass": _l("Glassware"),
    "roll": _l("Carpet roll"),
}
TRUCK = {
    "item": _l("{no} {kind}"),
    "size": _l("{l} × {w} × {h} cm"),
    "weight": _l("{kg} kg"),
    "stop": _l("stop {stop}"),
    "bears": _l("bears {kg} kg"),
    "bears_nothing": _l("nothing on top"),
    "upright": _l("this side up"),
    "floor": _l("on the floor"),
    "height": _l("at a height of {z} cm"),
    "here": _l("{item}: {x} cm from the front, {y} cm from the left, {height}."),
    "fits": _l("It fits."),
    "walls": _l("It would stick out of the truck."),
    "roof": _l("It would be too high."),
    "hangs": _l("Too little of it would rest on what is below."),
    "crushes": _l("Something below does not bear that weight."),
    "way": _l("Something stands in the way to the doors."),
    "payload": _l("The truck would be heavier than allowed."),
    "refused": _l("{item}: {fault}"),
    "placed": _l("{item} is in. {loaded} of {of} are loaded."),
    "take_out": _l("Take {item} out"),
    "taken": _l("{item} is out again."),
    "above": _l("{item} stays: something stands on it."),
    "blocked": _l("{item} stays: something stands between it and the doors."),
    "all_in": _l("Everything is in. You can hand it in."),
    "empty": _l("The truck is empty."),
    "axle": _l("{kg} of {most} kg"),
    "side": _l("{cm} cm off the middle"),
    "times": _l("{n} times"),
    "front": _l("Front wall"),
    "doors": _l("Doors"),
    "left": _l("{n} left"),
}
ROUTE = {
    "stop": _l("Stop {name}"),
    "window": _l("{from}–{to}"),
    "any_time": _l("any time"),
    "on_time": _l("{at}, on time"),
    "waits": _l("{at}, waits until {from}"),
    "late": _l("{at}, {minutes} min late"),
    "added": _l("{name} is number {place} of the tour: {arrives}."),
    "moved": _l("{name} is now number {place}: {arrives}."),
    "removed": _l("{name} is out of the tour."),
    "depot": _l("Depot"),
    "km": _l("{km} km"),
    "late_minutes": _l("{n} min"),
    "complete": _l("All stops are in the tour. You can hand it in."),
    "earlier": _l("{name} earlier"),
    "later": _l("{name} later"),
    "out": _l("Take {name} out"),
    "open_tour": _l("–"),
}
MARKS = {
    "flammable": _l("Flammable liquid, class 3"),
    "lithium": _l("Lithium batteries, class 9"),
    "gas": _l("Gas, class 2"),
    "corrosive": _l("Corrosive, class 8"),
    "leaking": _l("Leaking"),
}
SORT = {
    "parcel": _l("{postcode} {town}."),
    "marked": _l("{postcode} {town}. {mark}."),
    "none": _l("The belt is empty for the moment."),
    "right": _l("Right."),
    "wrong": _l("Wrong: chute {chute}."),
    "missed": _l("Missed."),
    "paused": _l("Paused. The belt stands still."),
    "running": _l("The belt runs."),
    "over": _l("The shift is over. You can hand it in."),
    "left": _l("{n} parcels to come"),
    "pause": _l("Pause"),
    "resume": _l("Go on"),
    "begin": _l("Begin the shift"),
}
OF = {"truck": TRUCK, "route": ROUTE, "sort": SORT}


def words_of(game: str) -> dict[str, str]:
    """Return the words of a game in the reader’s language."""
    named = {"kinds": KINDS} if game == "truck" else {"marks": MARKS} if game == "sort" else {}
    plain = {key: str(text) for key, text in (ALL | OF[game]).items()}
    for group, texts in named.items():
        plain |= {f"{group}.{key}": str(text) for key, text in texts.items()}
    return plain
