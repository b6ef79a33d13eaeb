"""Reads of goods; ``…_for(user, …)`` is the only way from a request to a row."""

from portal.warehousing.goods.queries.many import Filter, goods_for
from portal.warehousing.goods.queries.one import sku_for, visible_to
from portal.warehousing.goods.rows import sku_row, sku_rows, skus_by_code, units_of

__all__ = [
    "Filter",
    "goods_for",
    "sku_for",
    "sku_row",
    "sku_rows",
    "skus_by_code",
    "units_of",
    "visible_to",
]
