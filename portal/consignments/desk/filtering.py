"""What the dispatcher filters the board and its map by: the same words in the same address."""

from flask import request

from portal.consignments.queries.board import Wanted
from portal.consignments.rules.promise import Service
from portal.core.i18n import lazy as _l

FILTERS = ("company", "city", "service", "late", "q")
SERVICES = {
    Service.STANDARD: _l("Standard"),
    Service.EXPRESS: _l("Express"),
    Service.COLD: _l("Cold chain"),
}


def wanted(members: list[tuple[str, str, int]]) -> Wanted:
    """Return the filters of the address; an unknown company shows nothing rather than all."""
    args = {name: request.args.get(name, "").strip() for name in FILTERS}
    company = {ref: id_ for ref, _, id_ in members}.get(args["company"], 0)
    return Wanted(
        company_id=company if args["company"] else None,
        city=args["city"][:80],
        service=args["service"] if args["service"] in list(Service) else "",
        late=args["late"] == "1",
        text=args["q"][:200],
    )


def kept() -> dict[str, str]:
    """Return the filters as they stand in the address, for links that keep them."""
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}
