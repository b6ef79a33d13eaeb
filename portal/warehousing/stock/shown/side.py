"""From which side a page is looked at: a member's, of his own goods, or the desk's, of all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

from portal.accounts.access import User
from portal.core.db import AnyRow
from portal.warehousing.sites.queries import warehouses_for

#: First letters of a document's reference → endpoints that show it, for members and the desk.
DOCUMENTS = {
    "IN": ("inbound.detail", "inbound_desk.detail"),
    "OUT": ("outbound.detail", "outbound_desk.detail"),
    "RT": ("returns.show", "returns_desk.show"),
    "CT": ("counts.show", "counts_desk.show"),
    "KT": ("kits.order", "kits_desk.order"),
    "MV": ("moves.detail", "moves_desk.detail"),
}
_REFERENCE = re.compile(r"(IN|OUT|RT|CT|KT|MV)[A-Z0-9]")


@dataclass(frozen=True)
class Side:
    """Who looks, from where: the blueprint's name, the frame of its pages."""

    user: User
    at_desk: bool

    @property
    def base(self) -> str:
        """The blueprint of this side."""
        return "stock_desk" if self.at_desk else "stock"

    @property
    def layout(self) -> str:
        """The frame of its pages."""
        return "layouts/desk.html" if self.at_desk else "layouts/member.html"

    def url(self, name: str, **args: Any) -> str:
        """Return the address of one of this side's pages; empty arguments are left out."""
        given = {key: value for key, value in args.items() if value not in (None, "")}
        return url_for(f"{self.base}.{name}", **given)

    def sku_url(self, code: str, company: str = "", **args: Any) -> str:
        """Return the address of the page of goods (at the desk: of this company's)."""
        if self.at_desk:
            return self.url("sku", company=company, code=code, **args)
        return self.url("sku", code=code, **args)

    def document_url(self, reference: str | None) -> str | None:
        """Return the address of the document of a movement; None where there is no page of it."""
        found = _REFERENCE.match(reference or "")
        if found is None:
            return None
        endpoint = DOCUMENTS[found[1]][self.at_desk]
        views = current_app.view_functions
        return url_for(endpoint, ref=reference) if endpoint in views else None

    def warehouses(self) -> Sequence[AnyRow]:
        """Return the warehouses to choose from."""
        return warehouses_for(self.user)

    def within(self, warehouses: Sequence[AnyRow]) -> tuple[int, ...] | None:
        """Return to which warehouses the reader is limited; None: a member sees all his goods."""
        return tuple(row.id for row in warehouses) if self.at_desk else None
