"""Whether two rates differ by more than chance: the two-proportion z test, two-sided.

Source: any textbook, e.g. NIST/SEMATECH e-Handbook of Statistical Methods, 7.3.3. Read with care:
who looks every day and stops at the first difference finds one by chance more often.
"""

from dataclasses import dataclass
from math import erfc, sqrt

LEVEL = 0.05
#: So many clicks, and so many views without one, each must have; below the test says nothing.
LEAST = 10


@dataclass(frozen=True)
class Comparison:
    """A rate against another: the difference, how likely chance alone does as much, the verdict.

    ``verdict``: few, chance, better or worse.
    """

    difference: float
    p: float | None
    verdict: str


def compare(clicks: int, views: int, *, with_clicks: int, with_views: int) -> Comparison:
    """Return how ``clicks`` of ``views`` compare with the other's."""
    if min(clicks, with_clicks, views - clicks, with_views - with_clicks) < LEAST:
        return Comparison(0.0, None, "few")
    one, other = clicks / views, with_clicks / with_views
    both = (clicks + with_clicks) / (views + with_views)
    spread = sqrt(both * (1 - both) * (1 / views + 1 / with_views))
    p = erfc(abs(one - other) / spread / sqrt(2))
    if p >= LEVEL:
        return Comparison(one - other, p, "chance")
    return Comparison(one - other, p, "better" if one > other else "worse")
