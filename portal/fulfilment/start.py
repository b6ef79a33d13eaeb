"""What fulfilment needs when the portal starts: it carries what leaves, and shows up in pages."""

from flask import Flask

from portal.fulfilment import carriage, shown
from portal.warehousing.outbound import shipping
from portal.warehousing.outbound.shown import links


def init_app(app: Flask) -> None:
    """Let orders leave as consignments, and let both show each other."""
    shipping.provide(carriage.carry)
    links.provide("consignment", shown.way)
    app.jinja_env.globals.update(
        carried_by=shown.carried_by,
        carriage_of=shown.carriage_of,
        carried_order_url=shown.order_url,
        carried_order_status=shown.order_status,
    )
