"""Where the goods are when nobody says so: what a status alone tells of the place."""

from portal.consignments.rules.vocabulary import Status

_S = Status
CONSIGNOR, CONSIGNEE = "consignor", "consignee"
AT_CONSIGNOR = frozenset(
    {_S.ORDERED, _S.PICKUP_ASSIGNED, _S.PICKUP_FAILED, _S.PICKED_UP, _S.RETURNED, _S.CANCELLED}
)
#: On the way; what is known for sure is where it set out.
SET_OUT = frozenset({_S.HUB_ARRIVED, _S.HUB_DEPARTED, _S.IN_TRANSIT, _S.REDIRECTED})
AT_CONSIGNEE = frozenset(
    {
        _S.DEST_CITY,
        _S.OUT_FOR_DELIVERY,
        _S.DELIVERY_FAILED,
        _S.REFUSED,
        _S.AT_PICKUP_POINT,
        _S.DELIVERED,
        _S.CLOSED,
    }
)


def side_of(code: str) -> str | None:
    """Return the party at whose place, or in whose city, goods of this status are.

    None where they are on the way, or nobody knows.
    """
    if code in AT_CONSIGNOR:
        return CONSIGNOR
    return CONSIGNEE if code in AT_CONSIGNEE else None
