"""Which event of the warehouse is heard where, and what of it leaves. Reviewed as a table.

- ``inbound``, ``outbound``        the centre's people: notices and returns, orders and waves
- ``inbound:REF``, ``outbound:REF``   one of them: its owner, and the centre's people
- ``warehouse``                    the centre's people: counts, moves, kits, lots, places
- ``company:ID``                   the owner · ``board`` dispatchers: what is ready to be fetched
"""

from collections.abc import Mapping

from portal.live.heard import Heard, Payload, company
from portal.warehousing.counting import events as counting
from portal.warehousing.floor import events as floor
from portal.warehousing.goods import events as goods
from portal.warehousing.inbound import events as inbound
from portal.warehousing.kits import events as kits
from portal.warehousing.ledger import events as ledger
from portal.warehousing.moving import events as moving
from portal.warehousing.outbound import events as outbound
from portal.warehousing.returns import events as returns
from portal.warehousing.sites import events as sites
from portal.warehousing.stock import events as stock

#: Statuses of an order of which dispatchers hear: goods that stand ready, and that have left.
FOR_DISPATCH = frozenset({"staged", "shipped"})


def _inbound(_e: Payload) -> str | None:
    return "inbound"


def _notice(e: Payload) -> str | None:
    return f"inbound:{e['ref']}"


def _outbound(_e: Payload) -> str | None:
    return "outbound"


def _order(e: Payload) -> str | None:
    return f"outbound:{e['ref']}"


def _warehouse(_e: Payload) -> str | None:
    return "warehouse"


def _holder(e: Payload) -> str | None:
    return f"me:{e['person_id']}"


def _dispatch(e: Payload) -> str | None:
    return "board" if e["status"] in FOR_DISPATCH else None


def _way(e: Payload) -> str:
    """Return whether the document that a slot is for comes in or goes out."""
    return "outbound" if str(e["document"]).startswith("OUT") else "inbound"


def _document(e: Payload) -> str | None:
    return f"{_way(e)}:{e['document']}"


def _coming(*fields: str, owner: bool = True) -> tuple[Heard, ...]:
    """A fact about one notice; ``owner``: all pages of its owner hear of it."""
    said = ("ref", *fields)
    hears = (Heard(_notice, said), Heard(_inbound, said))
    return (*hears, Heard(company, said)) if owner else hears


def _going(*fields: str, owner: bool = True) -> tuple[Heard, ...]:
    """A fact about one order, alike."""
    said = ("ref", *fields)
    hears = (Heard(_order, said), Heard(_outbound, said))
    return (*hears, Heard(company, said)) if owner else hears


def _inside(*fields: str, owner: bool = True) -> tuple[Heard, ...]:
    """A fact about what is done inside the house."""
    hears = (Heard(_warehouse, fields),)
    return (*hears, Heard(company, fields)) if owner else hears


_SLOT = tuple(Heard(key, ("document", "dock", "starts_at")) for key in (_document, _way, company))
_KIT = ("ref", "code", "status")
_LOT = ("sku", "lot", "before", "status", "kind")
_STATUS = ("ref", "status", "status_before", "reason")

ANNOUNCED: Mapping[str, tuple[Heard, ...]] = {
    # One for every scan: heard by the owner alone; the floor's own facts say the rest.
    ledger.StockMoved.name: (Heard(company, ("kind", "document", "skus")),),
    ledger.LotStatusChanged.name: _inside(*_LOT),
    goods.SkuCreated.name: (Heard(company, ("code",)),),
    goods.SkuChanged.name: (Heard(company, ("code", "what")),),
    goods.SkuImported.name: (Heard(company, ("ref", "created", "changed")),),
    kits.RecipeChanged.name: (Heard(company, ("code", "version")),),
    kits.KitOrdered.name: _inside(*_KIT),
    kits.KitReserved.name: _inside(*_KIT),
    kits.KitDone.name: _inside(*_KIT, "done"),
    kits.KitCancelled.name: _inside(*_KIT),
    sites.DockBooked.name: _SLOT,
    sites.DockMoved.name: _SLOT,
    sites.DockCancelled.name: _SLOT,
    sites.LocationBlocked.name: _inside("location", "reason", owner=False),
    inbound.NoticeMoved.name: _coming("status", "before"),
    inbound.NoticeAmended.name: _coming("what"),
    inbound.GoodsReceived.name: _coming(
        "lines", "sku", "quantity", "condition", "undone", owner=False
    ),
    inbound.DifferenceChanged.name: _coming("difference", "line", "kind", "quantity", "status"),
    inbound.GoodsPutAway.name: _coming("line", "sku", "quantity", owner=False),
    # Nobody can follow an order before it is there, so its own topic begins with what follows.
    outbound.OutboundOrdered.name: (
        Heard(_outbound, ("ref", "status", "order_ref")),
        Heard(company, ("ref", "status", "order_ref")),
    ),
    outbound.OutboundMoved.name: (*_going(*_STATUS[1:]), Heard(_dispatch, _STATUS)),
    outbound.OutboundChanged.name: _going("status", "fields"),
    outbound.ShortPicked.name: _going("sku", "quantity", "replaced", "reason"),
    outbound.CartonMoved.name: _going("number", "status", owner=False),
    outbound.RestockOwed.name: _going("task", "done", owner=False),
    outbound.WaveMoved.name: (Heard(_outbound, ("ref", "status")),),
    moving.MoveTaskChanged.name: _inside("ref", "kind", "state", owner=False),
    returns.ReturnMoved.name: _coming("status", "before"),
    returns.ReturnPartChanged.name: _coming("sku", "quantity", "status", owner=False),
    floor.TaskHeld.name: (
        Heard(_warehouse, ("kind", "ref", "action")),
        Heard(_holder, ("kind", "ref", "action")),
    ),
    counting.CountChanged.name: _inside("ref", "status", owner=False),
    counting.CountDecided.name: _inside("ref", "sku", "decision"),
}

#: What is of no warehouse: a lot may lie in each.
EVERYWHERE = frozenset({ledger.LotStatusChanged.name})


def is_in(houses: frozenset[int], name: str, payload: Payload) -> bool:
    """Return whether an event is of one of these warehouses, or of none in particular."""
    return name in EVERYWHERE or payload.get("warehouse_id") in houses


#: Events that concern nobody's open page; they are kept for the audit trail only.
SILENT = frozenset(
    {
        sites.WarehouseChanged.name,
        moving.PickFaceChanged.name,
        outbound.CartonTypeChanged.name,
        stock.StockExported.name,
        stock.StockCertified.name,
    }
)
