"""How orders from stock take part in what concerns all goods."""

from portal.warehousing.ledger.service import losing
from portal.warehousing.outbound.rules.orders import PURPOSE
from portal.warehousing.outbound.service import lost, pickups, rests, sheets, states, waves


def join() -> None:
    """Promise other goods where promises end; let what orders leave behind go on by itself."""
    losing.provide(PURPOSE, lost.lose)
    losing.provide_names(PURPOSE, lost.names)
    states.provide(rests.note_parted)
    states.provide(waves.note_moved)
    states.provide(pickups.follow)
    sheets.join()
