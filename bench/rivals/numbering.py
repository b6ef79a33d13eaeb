"""How the rivals' numbers and ours are told apart and together: DC00000001 is one of ours."""

from functools import lru_cache

from portal.consignments.rules import numbers


@lru_cache(maxsize=200_000)
def number(their_id: int) -> str:
    """Return our number of the consignment that the rivals know by ``their_id``."""
    letters = [numbers.ALPHABET[their_id >> 5 * place & 31] for place in range(5)]
    body = ("0" * numbers.RANDOM_LENGTH + "".join(reversed(letters)))[-numbers.RANDOM_LENGTH :]
    return numbers.PREFIX + body + numbers.check_character(body)
