"""Lay out the diagram of a state machine from its table of moves.

The picture is drawn from the same table that decides, so it cannot tell another story. States of
the normal way stand in one column from the first to the last; what went wrong stands beside it.
A move to the next state is a straight line. Every other move leaves its box sideways, runs in a
lane and enters the other box sideways; moves with the same end share a lane, as trains share a
track. Where many states lead to the same few ends, one lane serves them all: whoever follows it
from any state on it to any arrow of it reads a legal move. So seventy moves stay readable.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, count, pairwise

ASIDE = frozenset(
    "pickup_failed delivery_failed refused redirected lost found returning returned cancelled "
    "exception".split()
)
BOX_W, BOX_H, ROW_H = 176, 54, 92
LANE, MARGIN, BEND = 16, 12, 7
BUS = 3  # so many states with the same two ends share one lane to both

Moves = Mapping[str, Sequence[str]]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Node:
    """One state as a box: its upper left corner and size in user units."""

    code: str
    x: int
    y: int
    w: int
    h: int
    aside: bool
    end: bool


@dataclass(frozen=True)
class Edge:
    """One legal move as the ``d`` of an SVG path from the box of ``source`` to ``target``."""

    source: str
    target: str
    path: str
    aside: bool


@dataclass(frozen=True)
class Diagram:
    """The whole picture: boxes in reading order, one edge a move."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class _Lane:
    """A track: the moves that share it, the rows it covers and its number in its gap."""

    pairs: tuple[Pair, ...]
    top: int
    bottom: int
    number: int


def draw(moves: Moves, aside: Collection[str] = ASIDE) -> Diagram:
    """Return the picture of ``moves`` (code → the codes it may become).

    ``aside`` names the codes that stand beside the main column. Every move becomes exactly one
    edge; a code that occurs only as a target becomes a box too.
    """
    pairs = [(source, target) for source in moves for target in dict.fromkeys(moves[source])]
    main = _in_order(moves, [code for code in _codes(moves) if code not in aside])
    beside = _beside(pairs, main, [code for code in _codes(moves) if code in aside])
    rows = {code: row for row, code in enumerate(main)} | beside
    straight = _straight(pairs, main) | _straight(pairs, sorted(beside, key=beside.__getitem__))
    gaps = _gaps([pair for pair in pairs if pair not in straight], rows, frozenset(beside))
    nodes = _nodes(moves, rows, frozenset(beside), gaps)
    paths = _bent(nodes, gaps) | {pair: _down(nodes, *pair) for pair in straight}
    edges = tuple(Edge(*pair, paths[pair], pair[1] in beside) for pair in pairs)
    right = _right(nodes) + _width(gaps[2]) + MARGIN
    return Diagram(right, (max(rows.values(), default=0) + 1) * ROW_H, tuple(nodes.values()), edges)


def _right(nodes: Mapping[str, Node]) -> int:
    return max((node.x + node.w for node in nodes.values()), default=0)


def _codes(moves: Moves) -> list[str]:
    return list(dict.fromkeys([*moves, *(code for targets in moves.values() for code in targets)]))


def _in_order(moves: Moves, codes: Sequence[str]) -> list[str]:
    """Return ``codes`` so that, loops apart, every move leads downwards."""
    done: list[str] = []
    seen: set[str] = set()

    def visit(code: str) -> None:
        if code in seen or code not in codes:
            return
        seen.add(code)
        for following in moves.get(code, ()):
            visit(following)
        done.append(code)

    reached = {target for source in codes for target in moves.get(source, ())}
    # Starts first, the last of them first, so that it ends up near what it leads to.
    for code in [*(code for code in reversed(codes) if code not in reached), *codes]:
        visit(code)
    return done[::-1]


def _beside(pairs: Sequence[Pair], main: Sequence[str], codes: Sequence[str]) -> dict[str, int]:
    """Give each code beside the main column a row of its own near its neighbours."""
    row = {code: number for number, code in enumerate(main)}
    wanted = {
        code: _mean(
            [
                row[a if b == code else b]
                for a, b in pairs
                if code in (a, b) and (a in row or b in row)
            ]
        )
        for code in codes
    }
    placed: dict[str, int] = {}
    free = 0
    ordered = sorted(codes, key=lambda code: wanted[code])
    for number, code in enumerate(ordered):
        room = max(len(main), len(codes)) - (len(ordered) - number)
        placed[code] = max(free, min(round(wanted[code]), room))
        free = placed[code] + 1
    return placed


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values) if values else 0.0


def _straight(pairs: Sequence[Pair], column: Sequence[str]) -> set[Pair]:
    return set(pairwise(column)) & set(pairs)


def _gaps(
    pairs: Sequence[Pair], rows: Mapping[str, int], beside: frozenset[str]
) -> tuple[list[_Lane], list[_Lane], list[_Lane]]:
    """Return the lanes left of the main column, between the columns, and right of both."""
    groups: tuple[dict[str, list[Pair]], ...] = ({}, {}, {})
    for source, target in pairs:
        gap = 1 if (source in beside) != (target in beside) else 2 if source in beside else 0
        # Between the columns a track belongs to the state beside, elsewhere to the end.
        key = f"from {source}" if gap == 1 and source in beside else f"to {target}"
        groups[gap].setdefault(key, []).append((source, target))
    left, middle, right = (_lanes(_with_buses(group), rows) for group in groups)
    return left, middle, right


def _with_buses(groups: Mapping[str, list[Pair]]) -> list[list[Pair]]:
    """Return the groups, with what leads from many states to the same two ends as one of them."""
    left = [list(pairs) for pairs in groups.values()]
    while best := max(combinations(left, 2), key=lambda two: len(_shared(*two)), default=None):
        shared = _shared(*best)
        if len(shared) < BUS:
            break
        left = [pairs for pairs in left if pairs not in best]
        both = [pair for pairs in best for pair in pairs]
        left += [[pair for pair in pairs if pair[0] not in shared] for pairs in best]
        left.append([pair for pair in both if pair[0] in shared])
    return [pairs for pairs in left if pairs]


def _shared(one: Sequence[Pair], other: Sequence[Pair]) -> set[str]:
    """Return the states from which one lane may serve both groups: all its moves are legal."""
    ends = [{target for _, target in pairs} for pairs in (one, other)]
    if any(len(targets) != 1 for targets in ends):
        return set()  # a bus already, or what leads away from one state
    shared = {source for source, _ in one} & {source for source, _ in other}
    return set() if shared & (ends[0] | ends[1]) else shared


def _lanes(groups: Sequence[Sequence[Pair]], rows: Mapping[str, int]) -> list[_Lane]:
    """Give every group a track; groups whose rows do not overlap may share its number."""
    spans = [
        (min(at), max(at), tuple(group))
        for group in groups
        if (at := [rows[code] for pair in group for code in pair])
    ]
    lanes: list[_Lane] = []
    for top, bottom, group in sorted(spans, key=lambda span: (span[1] - span[0], span[0])):
        taken = {lane.number for lane in lanes if lane.top <= bottom and top <= lane.bottom}
        number = next(n for n in count() if n not in taken)
        lanes.append(_Lane(group, top, bottom, number))
    return lanes


def _width(lanes: Sequence[_Lane]) -> int:
    return (max((lane.number for lane in lanes), default=-1) + 2) * LANE


def _nodes(
    moves: Moves,
    rows: Mapping[str, int],
    beside: frozenset[str],
    gaps: tuple[list[_Lane], list[_Lane], list[_Lane]],
) -> dict[str, Node]:
    main_x = MARGIN + _width(gaps[0])
    beside_x = main_x + BOX_W + _width(gaps[1]) + LANE
    return {
        code: Node(
            code,
            beside_x if code in beside else main_x,
            row * ROW_H + (ROW_H - BOX_H) // 2,
            BOX_W,
            BOX_H,
            code in beside,
            not moves.get(code),
        )
        for code, row in rows.items()
    }


def _down(nodes: Mapping[str, Node], source: str, target: str) -> str:
    start, end = nodes[source], nodes[target]
    return f"M{start.x + start.w // 2} {start.y + start.h}V{end.y}"


def _bent(
    nodes: Mapping[str, Node], gaps: tuple[list[_Lane], list[_Lane], list[_Lane]]
) -> dict[Pair, str]:
    """Return the path of every move that runs in a lane."""
    ports = _ports(nodes, gaps)
    main_x = min((node.x for node in nodes.values()), default=0)
    right = _right(nodes)
    paths: dict[Pair, str] = {}
    for gap, lanes in enumerate(gaps):
        for lane in lanes:
            off = (lane.number + 1) * LANE
            x = (main_x - off, main_x + BOX_W + off, right + off)[gap]
            for pair in lane.pairs:
                paths[pair] = _path(
                    ports[gap, pair[0], _key(lane, 0)],
                    x,
                    ports[gap, pair[1], _key(lane, 1)],
                )
    return paths


def _key(lane: _Lane, side: int) -> str:
    """Name the port of one end of a move: a state has one port a track and direction."""
    return f"{'in' if side else 'out'} {'/'.join(lane.pairs[0])}"


def _ports(
    nodes: Mapping[str, Node], gaps: tuple[list[_Lane], list[_Lane], list[_Lane]]
) -> dict[tuple[int, str, str], tuple[int, int]]:
    """Return where each end of a lane touches its box, spread over the side of the box."""
    wanted: dict[tuple[int, str], list[str]] = {}
    for gap, lanes in enumerate(gaps):
        for lane in sorted(lanes, key=lambda lane: (lane.top + lane.bottom, lane.number)):
            for pair in lane.pairs:
                for side in (0, 1):
                    keys = wanted.setdefault((gap, pair[side]), [])
                    if (key := _key(lane, side)) not in keys:
                        keys.append(key)
    return {
        (gap, code, key): (_side_x(nodes[code], gap), _spread(nodes[code], number, len(keys)))
        for (gap, code), keys in wanted.items()
        for number, key in enumerate(keys)
    }


def _side_x(node: Node, gap: int) -> int:
    at_left = gap == 0 or (gap == 1 and node.aside)
    return node.x if at_left else node.x + node.w


def _spread(node: Node, number: int, of: int) -> int:
    return node.y + round(node.h * (number + 1) / (of + 1))


def _path(start: tuple[int, int], x: int, end: tuple[int, int]) -> str:
    """Return a path sideways from ``start`` to the lane at ``x``, along it, sideways to ``end``."""
    (x0, y0), (x1, y1) = start, end
    if abs(y1 - y0) < 2 * BEND:
        return f"M{x0} {y0}H{x}L{x} {y1}H{x1}"
    down = BEND if y1 > y0 else -BEND
    into = BEND if x > x0 else -BEND
    out = BEND if x1 > x else -BEND
    return (
        f"M{x0} {y0}H{x - into}Q{x} {y0} {x} {y0 + down}V{y1 - down}Q{x} {y1} {x + out} {y1}H{x1}"
    )
