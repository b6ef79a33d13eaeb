"""Who may do what: the one table, used by code, pages, docs and tests.

A row is a right (module.verb), a column a role, an ``x`` means yes. Members' rights hold for
the company they are signed in for, staff rights for the whole centre.
"""

from collections.abc import Mapping
from types import MappingProxyType

from portal.core.i18n import lazy as _l

MEMBER_MATRIX = """
right                  owner admin operations requester finance viewer
portal.enter             x     x       x          x        x      x
consignments.see         x     x       x          x        x      x
consignments.create      x     x       x          .        .      .
consignments.amend       x     x       x          .        .      .
consignments.cancel      x     x       x          .        .      .
consignments.import      x     x       x          .        .      .
consignments.export      x     x       x          .        x      .
links.share              x     x       x          .        .      .
addresses.see            x     x       x          x        .      .
addresses.edit           x     x       x          .        .      .
figures.see              x     x       x          x        x      x
colleagues.see           x     x       x          x        x      x
colleagues.manage        x     x       .          .        .      .
owners.manage            x     .       .          .        .      .
apikeys.manage           x     x       .          .        .      .
company.see              x     x       x          x        x      x
company.edit             x     x       .          .        .      .
messages.own             x     x       x          x        x      x
learning.take            x     x       x          x        x      x
terms.see                x     x       .          .        x      .
club.enter               x     x       x          x        x      x
club.write               x     x       x          x        x      x
stock.see                x     x       x          x        x      x
stock.export             x     x       x          x        x      .
stock.hold               x     x       x          .        .      .
goods.edit               x     x       x          x        .      .
inbound.manage           x     x       x          x        .      .
outbound.manage          x     x       x          x        .      .
returns.manage           x     x       x          x        .      .
window.company           x     x       x          x        x      x
window.services          x     x       x          x        x      x
window.process           x     x       x          x        x      x
window.relations         x     x       x          x        x      x
window.sales             x     x       x          .        x      .
window.procurement       .     .       .          .        .      .
window.desk              x     x       x          x        x      x
window.payment           x     x       .          .        x      .
window.links             x     x       x          x        x      x
"""

STAFF_MATRIX = """
right                  dispatcher driver warehouse agent sales marketing finance buyer moderator manager admin
desk.enter                 x        x        x       x     x       x        x      x       x        x      x
board.see                  x        .        x       x     .       .        .      .       .        x      x
consignments.see_all       x        .        x       x     x       .        x      .       .        x      x
consignments.amend_all     x        .        .       x     .       .        .      .       .        x      x
consignments.export_all    x        .        .       x     x       .        x      .       .        x      x
events.push                x        .        x       .     .       .        .      .       .        x      x
events.see_internal        x        .        x       x     .       .        .      .       .        x      x
incidents.handle           x        .        x       x     .       .        .      .       .        x      x
companies.see              x        .        x       x     x       x        x      .       .        x      x
companies.manage           .        .        .       .     x       .        .      .       .        x      x
staff.manage               .        .        .       .     .       .        .      .       .        .      x
jobs.see                   .        .        .       .     .       .        .      .       .        x      x
design.see                 x        x        x       x     x       x        x      x       x        x      x
companies.merge            .        .        .       .     .       .        .      .       .        x      x
companies.export           .        .        .       .     x       .        x      .       .        x      x
companies.note             x        .        .       x     x       .        x      .       .        x      x
pages.edit                 .        .        .       .     .       x        .      .       .        x      x
pages.publish              .        .        .       .     .       .        .      .       .        x      x
ads.manage                 .        .        .       .     .       x        .      .       .        x      x
ads.approve                .        .        .       .     .       .        .      .       .        x      x
friends.manage             .        .        .       .     .       x        .      .       .        x      x
inbox.enter            x        .        .       x     x       x        .      x       x        x      x
messages.see               x        .        .       x     x       x        .      .       x        x      x
messages.answer            .        .        .       x     x       .        .      .       .        x      x
messages.moderate          .        .        .       x     .       .        .      .       x        x      x
suppliers.see              .        .        .       .     .       .        .      x       .        x      x
suppliers.answer       .        .        .       .     .       .        .      x       .        x      x
calendar.edit          .        .        .       .     .       .        .      .       .        x      x
questions.answer           x        .        x       x     .       .        .      .       .        x      x
learning.take              x        x        x       x     x       x        x      x       x        x      x
applications.see           .        .        .       x     x       .        x      .       .        x      x
applications.verify        .        .        .       x     x       .        x      .       .        x      x
applications.decide        .        .        .       .     x       .        .      .       .        x      x
applications.questions     .        .        .       .     .       .        .      .       .        x      x
tariffs.see                .        .        .       x     x       .        x      .       .        x      x
tariffs.edit               .        .        .       .     .       .        x      .       .        x      x
club.enter                 x        x        x       x     x       x        x      x       x        x      x
club.write                 x        x        x       x     x       x        x      x       x        x      x
club.review                x        .        x       x     x       x        .      .       x        x      x
club.moderate              .        .        .       .     .       .        .      .       x        x      x
club.host                  .        .        x       x     x       .        .      .       x        x      x
club.manage                .        .        .       .     .       .        .      .       x        x      x
warehouse.see              x      .      x       x     x        .       x      .       .       x       x
warehouse.work             .      .      x       .     .        .       .      .       .       x       x
warehouse.supervise        .      .      .       .     .        .       .      .       .       x       x
warehouse.places           .      .      .       .     .        .       .      .       .       x       x
warehouse.approve          .      .      .       .     .        .       .      .       .       x       x
warehouse.correct          .      .      .       .     .        .       .      .       .       x       x
warehouse.hold             .      .      x       .     .        .       .      .       .       x       x
warehouse.orders           x      .      .       x     .        .       .      .       .       x       x
window.company             x        x        x       x     x       x        x      x       x        x      x
window.services            x        .        x       x     x       x        .      .       .        x      x
window.process             x        x        x       x     x       .        .      .       .        x      x
window.relations           x        .        .       x     x       x        .      .       x        x      x
window.sales               .        .        .       x     x       x        x      .       .        x      x
window.procurement         .        .        .       .     .       .        x      x       .        x      x
window.desk                x        x        x       x     x       x        x      x       x        x      x
window.payment             .        .        .       .     x       .        x      .       .        x      x
window.links               .        .        .       .     .       x        .      .       .        x      x
"""

ROLE_NAMES = {
    "owner": _l("Owner"),
    "admin": _l("Administrator"),
    "operations": _l("Operations"),
    "requester": _l("Warehouse requester"),
    "finance": _l("Finance"),
    "viewer": _l("Viewer"),
    "dispatcher": _l("Dispatcher"),
    "driver": _l("Driver"),
    "warehouse": _l("Warehouse operator"),
    "agent": _l("Customer-service agent"),
    "sales": _l("Sales"),
    "marketing": _l("Marketing"),
    "buyer": _l("Buyer"),
    "moderator": _l("Moderator"),
    "manager": _l("Manager"),
}

RIGHT_NAMES = {
    "portal.enter": _l("Enter the member area"),
    "consignments.see": _l("See the company’s consignments"),
    "consignments.create": _l("Order consignments"),
    "consignments.amend": _l("Amend consignments"),
    "consignments.cancel": _l("Cancel consignments"),
    "consignments.import": _l("Import files of consignments"),
    "consignments.export": _l("Export lists of consignments"),
    "links.share": _l("Share tracking links"),
    "addresses.see": _l("See the address book"),
    "addresses.edit": _l("Edit the address book"),
    "figures.see": _l("See the company’s figures"),
    "colleagues.see": _l("See colleagues and their roles"),
    "colleagues.manage": _l("Invite colleagues and change their roles"),
    "owners.manage": _l("Make and unmake owners"),
    "apikeys.manage": _l("Make and revoke API keys"),
    "company.see": _l("See the company’s details"),
    "company.edit": _l("Edit the company’s details"),
    "desk.enter": _l("Enter the desk"),
    "board.see": _l("See the dispatcher’s board"),
    "consignments.see_all": _l("See every company’s consignments"),
    "consignments.amend_all": _l("Amend every company’s consignments"),
    "consignments.export_all": _l("Export lists of every company"),
    "events.push": _l("Push status updates"),
    "events.see_internal": _l("See internal notes"),
    "incidents.handle": _l("Handle incidents"),
    "companies.see": _l("See companies"),
    "companies.manage": _l("Make, suspend and reopen companies"),
    "staff.manage": _l("Manage the centre’s staff"),
    "jobs.see": _l("See stopped jobs and run them again"),
    "design.see": _l("See the components of the pages"),
    "companies.merge": _l("Merge companies that are one"),
    "companies.export": _l("Export the register of companies"),
    "companies.note": _l("Write notes about companies"),
    "pages.edit": _l("Write and edit the public pages"),
    "pages.publish": _l("Publish pages that others wrote"),
    "ads.manage": _l("Manage advertising campaigns"),
    "ads.approve": _l("Approve advertisements that others made"),
    "friends.manage": _l("Manage friendly links"),
    "inbox.enter": _l("Enter the queue of messages"),
    "messages.see": _l("See messages from visitors"),
    "messages.answer": _l("Answer messages and call back"),
    "messages.moderate": _l("Publish, hide and merge messages, and mark spam"),
    "messages.own": _l("Write to the centre and read its answers"),
    "suppliers.see": _l("See what suppliers offer"),
    "suppliers.answer": _l("Answer what suppliers offer"),
    "calendar.edit": _l("Enter the days on which the centre is closed"),
    "questions.answer": _l("Answer technical questions"),
    "learning.take": _l("Take courses and earn certificates"),
    "applications.see": _l("See applications for membership"),
    "applications.verify": _l("Verify what applicants say and ask back"),
    "applications.decide": _l("Approve and refuse applications"),
    "applications.questions": _l("Edit the questions of the application"),
    "tariffs.see": _l("See tariffs"),
    "tariffs.edit": _l("Edit tariffs"),
    "terms.see": _l("See the company’s terms and prices"),
    "club.enter": _l("Read in the members’ club"),
    "club.write": _l("Write in the members’ club"),
    "club.review": _l("See the questions in the club that nobody has answered"),
    "club.moderate": _l("Keep order in the members’ club"),
    "club.host": _l("Open rooms of the club and hold question hours"),
    "club.manage": _l("Manage rewards, raffles and the daily quiz, and see the club’s figures"),
    "stock.see": _l("See the company’s stock, movements and orders"),
    "stock.export": _l("Export stock and movements"),
    "stock.hold": _l("Hold and free the company’s lots"),
    "goods.edit": _l("Edit the company’s goods"),
    "inbound.manage": _l("Announce goods, book docks and answer differences"),
    "outbound.manage": _l("Order goods out of stock"),
    "returns.manage": _l("Announce returns and decide about them"),
    "warehouse.see": _l("See the warehouse: stock, notices and orders of every company"),
    "warehouse.work": _l("Work on the floor: receive, put away, pick, pack, ship and count"),
    "warehouse.supervise": _l("Plan waves, hand out tasks and change what the floor proposed"),
    "warehouse.places": _l("Edit warehouses, zones, locations and docks"),
    "warehouse.approve": _l("Approve counts that others made"),
    "warehouse.correct": _l("Correct the ledger by counter-entries"),
    "warehouse.hold": _l("Hold and free lots for quality’s sake"),
    "warehouse.orders": _l("Enter notices and orders for a company"),
    "window.company": _l("Window 1, the centre"),
    "window.services": _l("Window 2, services"),
    "window.process": _l("Window 3, scope and process"),
    "window.relations": _l("Window 4, customer relations"),
    "window.sales": _l("Window 5, sales"),
    "window.procurement": _l("Window 6, procurement"),
    "window.desk": _l("Window 7, enterprise desk"),
    "window.payment": _l("Window 8, e-payment"),
    "window.links": _l("Window 9, friendly links"),
}


def parse(matrix: str) -> Mapping[str, frozenset[str]]:
    """Return role → rights of a matrix written as text.

    Raises ValueError where a row does not have a mark for every role.
    """
    head, *rows = [line.split() for line in matrix.strip().splitlines()]
    roles = head[1:]
    rights: dict[str, set[str]] = {role: set() for role in roles}
    for right, *marks in rows:
        for role, mark in zip(roles, marks, strict=True):
            if mark == "x":
                rights[role].add(right)
    return MappingProxyType({role: frozenset(held) for role, held in rights.items()})


MEMBER_ROLES = parse(MEMBER_MATRIX)
STAFF_ROLES = parse(STAFF_MATRIX)
#: Rights to enter with a browser: a key for programs has no use for them.
DOORS = frozenset(
    {"portal.enter", "desk.enter"}
    | {row.split()[0] for row in STAFF_MATRIX.splitlines() if row.startswith("window.")}
)
RIGHTS = frozenset().union(*MEMBER_ROLES.values(), *STAFF_ROLES.values())


def order_of(matrix: str) -> list[str]:
    """Return the rights of a matrix in the order in which it lists them."""
    return [line.split()[0] for line in matrix.strip().splitlines()[1:]]


def rights_of(role: str | None, staff_role: str | None) -> frozenset[str]:
    """Return the rights of somebody with these roles (None: none of that kind)."""
    member = MEMBER_ROLES[role] if role else frozenset()
    return member | (STAFF_ROLES[staff_role] if staff_role else frozenset())


def may_grant(granter: frozenset[str], role: str) -> bool:
    """Return whether somebody with the rights ``granter`` may give or take the role ``role``.

    Only an owner makes or unmakes owners.
    """
    return "owners.manage" in granter or ("colleagues.manage" in granter and role != "owner")
