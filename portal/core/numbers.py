"""Numbers in addresses and hidden fields, which anybody may write."""

MOST_ID = 2**63 - 1  # what a column of either database can hold


def row_id(text: str) -> int:
    """Return the id of a row that ``text`` is, such as ``42``.

    Raises ValueError for anything else, so that ``request.args.get(…, type=row_id)`` is None.
    """
    if not text.isascii() or not text.isdigit() or len(text) > len(str(MOST_ID)):
        raise ValueError("not the id of a row")
    if (number := int(text)) > MOST_ID:
        raise ValueError("not the id of a row")
    return number
