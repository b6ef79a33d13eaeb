"""The diagram of the state machine shows the table and nothing else."""

import re
from itertools import combinations, pairwise

import pytest

from portal.pages.rules import ASIDE, Diagram, Node, draw

ASTRAY = ["returning", "lost"]
UNDER_WAY = "hub_arrived hub_departed in_transit dest_city redirected".split()
MOVES: dict[str, list[str]] = {
    "draft": ["ordered", "cancelled"],
    "ordered": ["pickup_assigned", "picked_up", "cancelled"],
    "pickup_assigned": ["picked_up", "pickup_failed", "cancelled"],
    "pickup_failed": ["pickup_assigned", "cancelled"],
    "picked_up": [*UNDER_WAY, *ASTRAY],
    "hub_arrived": ["hub_departed", "in_transit", "dest_city", "redirected", *ASTRAY],
    "hub_departed": ["hub_arrived", "in_transit", "dest_city", "redirected", *ASTRAY],
    "in_transit": [*UNDER_WAY, *ASTRAY],
    "redirected": ["in_transit", *ASTRAY],
    "dest_city": ["out_for_delivery", "redirected", *ASTRAY],
    "out_for_delivery": ["delivered", "delivery_failed", "refused", *ASTRAY],
    "delivery_failed": ["out_for_delivery", "at_pickup_point", *ASTRAY],
    "refused": ["out_for_delivery", *ASTRAY],
    "at_pickup_point": ["delivered", *ASTRAY],
    "returning": ["returned", "lost"],
    "returned": ["closed"],
    "lost": ["found"],
    "found": ["picked_up", *UNDER_WAY, "out_for_delivery", "at_pickup_point", "returning"],
    "delivered": ["closed"],
    "cancelled": [],
    "closed": [],
}
TABLES = {
    "the real table": MOVES,
    "the table in another order": dict(reversed(MOVES.items())),
    "a line": {"a": ["b"], "b": ["c"]},
    "a loop": {"a": ["b"], "b": ["a"]},
    "one state": {"a": []},
    "nothing": {},
    "only aside": {"lost": ["found"], "found": ["lost"]},
    "a move to itself": {"a": ["a", "b"], "b": []},
}


@pytest.mark.parametrize("moves", TABLES.values(), ids=TABLES)
def test_every_move_is_drawn_exactly_once(moves: dict[str, list[str]]) -> None:
    drawn = [(edge.source, edge.target) for edge in draw(moves).edges]
    assert sorted(drawn) == sorted((a, b) for a, targets in moves.items() for b in targets)


@pytest.mark.parametrize("moves", TABLES.values(), ids=TABLES)
def test_every_state_has_one_box(moves: dict[str, list[str]]) -> None:
    codes = [node.code for node in draw(moves).nodes]
    assert sorted(codes) == sorted({*moves, *(b for targets in moves.values() for b in targets)})


@pytest.mark.parametrize("moves", TABLES.values(), ids=TABLES)
def test_boxes_stand_apart_and_inside_the_picture(moves: dict[str, list[str]]) -> None:
    diagram = draw(moves)
    for one, other in combinations(diagram.nodes, 2):
        assert not _overlap(one, other)
    for node in diagram.nodes:
        assert min(node.x, node.y) >= 0
        assert node.x + node.w <= diagram.width
        assert node.y + node.h <= diagram.height


def test_the_normal_way_leads_downwards() -> None:
    top = {node.code: node.y for node in draw(MOVES).nodes}
    way = "draft ordered pickup_assigned picked_up hub_arrived hub_departed dest_city".split()
    way += "out_for_delivery at_pickup_point delivered closed".split()
    assert sorted(way, key=top.__getitem__) == way


def test_what_went_wrong_stands_beside() -> None:
    nodes = draw(MOVES).nodes
    assert {node.code for node in nodes if node.aside} == ASIDE & set(MOVES)
    assert max(n.x for n in nodes if not n.aside) < min(n.x for n in nodes if n.aside)


def test_a_state_without_moves_is_an_end() -> None:
    assert {node.code for node in draw(MOVES).nodes if node.end} == {"cancelled", "closed"}


def test_a_move_starts_at_its_box_and_ends_at_the_other() -> None:
    diagram = draw(MOVES)
    boxes = {node.code: node for node in diagram.nodes}
    for edge in diagram.edges:
        points = _points(edge.path)
        assert _touches(boxes[edge.source], points[0])
        assert _touches(boxes[edge.target], points[-1])


def test_no_move_runs_through_a_box() -> None:
    diagram = draw(MOVES)
    for edge in diagram.edges:
        for one, other in pairwise(_points(edge.path)):
            assert not any(_crosses(node, one, other) for node in diagram.nodes), edge


def test_no_move_leaves_the_picture() -> None:
    diagram = draw(MOVES)
    for edge in diagram.edges:
        assert all(
            0 <= x <= diagram.width and 0 <= y <= diagram.height for x, y in _points(edge.path)
        )


def test_a_lane_tells_a_legal_move_however_it_is_read() -> None:
    uprights = _uprights(draw(MOVES))
    for (one, x1, top1, end1), (other, x2, top2, end2) in combinations(uprights, 2):
        if x1 == x2 and top1 < end2 and top2 < end1:
            assert other[1] in MOVES[one[0]], (one, other)
            assert one[1] in MOVES[other[0]], (one, other)


def test_what_many_states_lead_to_has_one_lane_between_the_columns() -> None:
    astray = {
        (x, target)
        for (source, target), x, _top, _end in _uprights(draw(MOVES))
        if target in ASTRAY and source not in ASIDE
    }
    assert len({x for x, _ in astray}) == 1
    assert {target for _, target in astray} == set(ASTRAY)


def _uprights(diagram: Diagram) -> list[tuple[tuple[str, str], int, int, int]]:
    found = []
    for edge in diagram.edges:
        points = _points(edge.path)
        for (x1, y1), (x2, y2) in pairwise(points):
            if x1 == x2 and y1 != y2:
                found.append(((edge.source, edge.target), x1, min(y1, y2), max(y1, y2)))
    return found


def _points(path: str) -> list[tuple[int, int]]:
    """Return the corners of a path of M, L, H, V and Q commands."""
    points: list[tuple[int, int]] = []
    for command, numbers in re.findall(r"([MLHVQ])([-\d ]+)", path):
        values = [int(n) for n in numbers.split()]
        x, y = points[-1] if points else (0, 0)
        points.append({"H": (values[0], y), "V": (x, values[0])}.get(command, tuple(values[-2:])))  # type: ignore[arg-type]
    return points


def _overlap(one: Node, other: Node) -> bool:
    return (
        one.x < other.x + other.w
        and other.x < one.x + one.w
        and one.y < other.y + other.h
        and other.y < one.y + one.h
    )


def _touches(node: Node, point: tuple[int, int]) -> bool:
    x, y = point
    on_side = x in (node.x, node.x + node.w) and node.y <= y <= node.y + node.h
    return on_side or (y in (node.y, node.y + node.h) and node.x <= x <= node.x + node.w)


def _crosses(node: Node, one: tuple[int, int], other: tuple[int, int]) -> bool:
    left, right = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    return (
        left < node.x + node.w
        and node.x < right + (left == right)
        and top < node.y + node.h
        and node.y < bottom + (top == bottom)
        and not (right <= node.x or left >= node.x + node.w)
        and not (bottom <= node.y or top >= node.y + node.h)
    )
