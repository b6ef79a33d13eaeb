"""Every door through which somebody learns when a consignment is expected."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from portal.core.db import transaction
from portal.tracking import service as links
from tests.factories import make_colleague, make_dispatcher, make_key, reload, user_of
from workers import relay

PAGES = (
    "/portal/consignments/{no}",
    "/portal/consignments/{no}/facts",
    "/portal/consignments/{no}/row",
    "/desk/consignments/{no}",
    "/desk/consignments/{no}/row",
    "/desk/map/{no}/row",
    "/desk/board/{no}/card",
    "/track/{no}",
    "/s/{token}",
)


class Doors:
    """Those of one consignment, and the people who stand before them."""

    def __init__(self, app: Any, as_user: Any, browser: Any, with_key: Any, company: Any):
        self.app, self.as_user, self.browser, self.with_key = app, as_user, browser, with_key
        self.company, self.owner = company, make_colleague(company)
        self.clerk, self.key = make_dispatcher(), make_key(self.owner, company)

    def share(self, no: str) -> str:
        """Return the token of a new link."""
        with transaction():
            user = user_of(self.owner, self.company)
            return links.share(reload(no), label=None, precision="full", days=9, by=user)[1]

    def pages(self, no: str) -> Iterator[tuple[str, str]]:
        """Yield the address and the text of each page that says when it is expected."""
        seen_by = {"/portal": self.as_user(self.owner), "/desk": self.as_user(self.clerk)}
        token = self.share(no)
        for path in PAGES:
            who = next((b for root, b in seen_by.items() if path.startswith(root)), self.browser)
            answer = who.get(path.format(no=no, token=token))
            assert answer.status_code == 200, (path, answer.status_code)
            yield path, answer.text

    def programs(self, no: str) -> Iterator[tuple[str, str | None]]:
        """Yield the address and the expected instant of each answer to programs."""
        key, api = self.with_key(self.key), "/api/v1"
        yield "one", estimated(key.get(f"{api}/consignments/{no}").json)
        listed = key.get(f"{api}/consignments").json["items"]
        yield "list", estimated(next(each for each in listed if each["no"] == no))
        track = self.browser.get(f"{api}/track/{no}?token={self.share(no)}").json
        yield "track", estimated(track)
        yield "eta", track["eta"]
        relay.run_once()
        pack = key.get(f"{api}/consignments/{no}/documents/evidence.zip").data
        with zipfile.ZipFile(io.BytesIO(pack)) as archive:
            name = next(n for n in archive.namelist() if n.endswith("/consignment.json"))
            yield "evidence", estimated(json.loads(archive.read(name)))

    def exported(self, no: str) -> str:
        """Return the expected instant as the exported list has it."""
        sheet = self.as_user(self.owner).get("/portal/exports/consignments.csv", buffered=True)
        rows = list(csv.DictReader(io.StringIO(sheet.data.decode("utf-8-sig"))))
        return next(row["Estimated delivery"] for row in rows if row["Consignment"] == no)


def estimated(answer: Any) -> str | None:
    """Return the instant that an answer of the API says delivery is expected at."""
    found: str | None = answer["promise"]["delivery"]["estimated"]
    return found
