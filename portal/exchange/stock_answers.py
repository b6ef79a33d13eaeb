"""What the API answers about stock, as shapes. Quantities are decimal strings."""

from portal.exchange.answers import Answer


class StockLot(Answer):
    """What there is of one lot in one stock status."""

    lot: str
    expires_on: str | None
    status: str
    on_hand: str
    allocated: str


class StockItem(Answer):
    """What there is of an article in a warehouse; as of a moment, promises are null."""

    sku: str
    name: str
    warehouse: str
    on_hand: str
    allocated: str | None
    free: str | None
    on_hold: str
    unit: str
    lots: list[StockLot] | None = None


class StockList(Answer):
    """A page of stock: all warehouses of an article stand on the same page."""

    items: list[StockItem]
    next: str | None


class EntryItem(Answer):
    """One ± line of the ledger."""

    id: int
    movement: int
    at: str
    kind: str
    sku: str
    lot: str
    sscc: str | None
    warehouse: str
    location: str
    status: str
    quantity: str
    unit: str
    document: str | None
    reason: str | None
    note: str | None
    person: str | None
    reverses: int | None


class EntryList(Answer):
    """A page of entries, the newest first."""

    items: list[EntryItem]
    next: str | None
