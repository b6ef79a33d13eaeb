"""How many cartons fit on a pallet, and how many pallets or cartons into a container. Pure.

Layers are packed in blocks of one direction: the best of all ways to divide the floor into two
blocks, each filled with cartons that lie one way. What a person would load by hand may be a
little more; it is never less than what is said here. Lengths in millimetres, weights in grams.
"""

from dataclasses import dataclass
from itertools import permutations

#: Floor of the usual pallets. Source: GB/T 2934 (1200 × 1000 first), ISO 6780, EN 13698-1.
PALLETS = {"1200x1000": (1200, 1000), "1200x800": (1200, 800), "1100x1100": (1100, 1100)}
PALLET_HEIGHT, PALLET_WEIGHT_G = 150, 25_000
MOST_PALLET_G = 1_000_000  # what a pallet and a rack place carry
#: Least inner length, width, height, and what may be loaded. Source: ISO 668:2020 tables 2 and 3
#: (heights: outer less 241 mm); 30 480 kg gross less the usual tare.
CONTAINERS = {
    "20": (5867, 2330, 2350, 28_200_000),
    "40": (11_998, 2330, 2350, 26_700_000),
    "40hc": (11_998, 2330, 2655, 26_500_000),
}
SPARE = 100  # mm left above the load, to get it in


@dataclass(frozen=True)
class Carton:
    """A carton; ``upright`` must not be laid on its side."""

    length: int
    width: int
    height: int
    weight_g: int
    upright: bool = True


@dataclass(frozen=True)
class OnPallet:
    """How a pallet is stacked."""

    layer: int  # cartons in a layer
    layers: int
    height: int  # with the pallet
    weight_g: int  # with the pallet
    limited_by_weight: bool

    @property
    def cartons(self) -> int:
        """How many there are on it."""
        return self.layer * self.layers


def on_floor(floor: tuple[int, int], item: tuple[int, int]) -> int:
    """Return how many ``item`` fit on ``floor``, in two blocks at most."""
    return max(_blocks(floor, item), _blocks((floor[1], floor[0]), item))


def _blocks(floor: tuple[int, int], item: tuple[int, int]) -> int:
    """Return the most of one block of columns lying one way, and the rest the other way."""
    length, width = floor
    along, across = item
    most = 0
    for columns in range(length // along + 1):
        rest = length - columns * along
        first = columns * (width // across)
        most = max(most, first + (rest // across) * (width // along))
        most = max(most, first + (rest // along) * (width // across))
    return most


def pallet(carton: Carton, floor: tuple[int, int], most_height: int) -> OnPallet | None:
    """Return the fullest pallet up to ``most_height`` with it; None: not one carton fits."""
    best: OnPallet | None = None
    for length, width, height in _ways(carton):
        found = _stacked(carton, on_floor(floor, (length, width)), height, most_height)
        if found.cartons > (best.cartons if best else 0):
            best = found
    return best


def _ways(carton: Carton) -> list[tuple[int, int, int]]:
    if carton.upright:
        return [(carton.length, carton.width, carton.height)]
    sides = permutations((carton.length, carton.width, carton.height))
    return sorted({(a, b, c) for a, b, c in sides})


def _stacked(carton: Carton, layer: int, height: int, most_height: int) -> OnPallet:
    by_height = max(0, (most_height - PALLET_HEIGHT) // height)
    spare_g = MOST_PALLET_G - PALLET_WEIGHT_G
    a_layer = layer * carton.weight_g
    by_weight = spare_g // a_layer if a_layer else by_height
    layers = min(by_height, by_weight) if layer else 0
    weight = PALLET_WEIGHT_G + layers * a_layer
    return OnPallet(
        layer, layers, PALLET_HEIGHT + layers * height, weight, layer > 0 and by_weight < by_height
    )


@dataclass(frozen=True)
class InContainer:
    """What fits into a container of a kind."""

    kind: str
    pallets: int
    on_pallets: int  # cartons
    loose: int  # cartons without pallets


def container(kind: str, carton: Carton, floor: tuple[int, int], stacked: OnPallet) -> InContainer:
    """Return what fits into a container: pallets as stacked, or cartons without any."""
    length, width, height, most_g = CONTAINERS[kind]
    tiers = (height - SPARE) // stacked.height if stacked.height else 0
    pallets = on_floor((length, width), floor) * tiers
    pallets = min(pallets, most_g // stacked.weight_g)
    loose = max(
        on_floor((length, width), (a, b)) * ((height - SPARE) // c) for a, b, c in _ways(carton)
    )
    if carton.weight_g:
        loose = min(loose, most_g // carton.weight_g)
    return InContainer(kind, pallets, pallets * stacked.cartons, loose)
