"""The matrix of roles and rights as a page for people: ``docs/roles.md`` is its output."""

from collections.abc import Mapping

from portal.accounts.roles import (
    MEMBER_MATRIX,
    MEMBER_ROLES,
    RIGHT_NAMES,
    ROLE_NAMES,
    STAFF_MATRIX,
    STAFF_ROLES,
    order_of,
)

HEAD = """# Roles and rights

Generated from `portal/accounts/roles.py` by `flask --app wsgi staff matrix`; a test holds the two
together. The same matrix is shown to members below their list of colleagues, and to administrators
below the list of staff. Who may open which address stands in `portal/site_map.py`.

Members' rights hold for the company they are signed in for, staff rights for the whole centre.
A suspended company's people have none. A key for programs has the rights that were chosen for it,
as far as its person still has them.
"""
AFTER = """
Only an owner makes or unmakes owners. A company keeps at least one owner, the centre at least one
administrator.
"""


def markdown() -> str:
    """Return both matrices as Markdown tables."""
    members = _table(order_of(MEMBER_MATRIX), MEMBER_ROLES)
    staff = _table(order_of(STAFF_MATRIX), STAFF_ROLES)
    return f"{HEAD}\n## Members\n{members}{AFTER}\n## The centre's people\n{staff}"


def _table(rights: list[str], matrix: Mapping[str, frozenset[str]]) -> str:
    head = ["right", "means", *(str(ROLE_NAMES[role]) for role in matrix)]
    rows = [head, ["---"] * 2 + [":-:"] * len(matrix)]
    for right in rights:
        marks = ["●" if right in held else "" for held in matrix.values()]
        rows.append([f"`{right}`", str(RIGHT_NAMES[right]), *marks])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
