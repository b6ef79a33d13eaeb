"""A warehouse in a copy of the demo centre, for stories of the floor."""

import json
import subprocess
import sys
from typing import Any

from tests.browser.server import ROOT, Server

WORKER = "warehouse@quayside.example"
SUPERVISOR = "manager@quayside.example"
GTIN = "6901234567892"
_SEED = """
import json, os, sys
from sqlalchemy import select
from config import Config
from portal import create_app
with create_app(Config.from_env(os.environ)).app_context():
    from portal.accounts.models import Company
    from portal.core.db import db
    from tests.warehousing.making import in_days, make_location, make_lot, make_sku, make_stock, make_warehouse
    company = db.session.scalars(select(Company).order_by(Company.id).limit(1)).one()
    house = make_warehouse(code="TST", names={"zh-Hans": "试验仓", "en": "Test house"})
    here = make_location(house, code="B07-14-3", barcode="L-TST-B07-14-3", walk=714)
    make_location(house, code="B07-13-3", barcode="L-TST-B07-13-3", walk=713)
    sku = make_sku(company, code="TST-LC45", gtin="%s", names={"zh-Hans": "靠垫", "en": "Cushion"})
    make_stock(sku, here, 340, lot=make_lot(sku, "2610A", expires_on=in_days(200)))
    print(json.dumps({"house": house.id, "sku": sku.id, "here": here.id, "company": company.id}))
"""


def make_house(server: Server) -> dict[str, Any]:
    """Make a warehouse with one stocked place; return its ids."""
    done = subprocess.run(
        [sys.executable, "-c", _SEED % GTIN],
        cwd=ROOT,
        env=server.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def scan(page: Any, code: str) -> None:
    """Scan a code as a wedge scanner does: typed fast, wherever the focus is, ended by Enter."""
    page.keyboard.type(code, delay=2)
    page.keyboard.press("Enter")
