"""How long a push takes to reach a member's open list, in a real browser.

``python bench/page_latency.py [--pushes N] [--consignments N]``. Measured from the moment before
the API is called to the moment when the row of the list has changed, both on this machine's
clock. Prints the median and the 95th of 100. The figures depend on the machine.
"""

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from centre import Caller, Centre
from playwright.sync_api import Page, sync_playwright

OWNER, DISPATCHER = "owner@huadong-home.example", "dispatcher@quayside.example"
PASSWORD = "quayside-demo"  # noqa: S105 - of the demo centre
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
#: Notes when the flag of a row first shows another status than before.
WATCH = """
(no) => {
  const find = () => document.querySelector(`tr[data-no="${no}"] .flag`)?.dataset.status;
  const before = find();
  window.changedAt = new Promise((resolve) => {
    const look = new MutationObserver(() => {
      const now = find();
      if (!now || now === before) return;
      look.disconnect();
      resolve(performance.timeOrigin + performance.now());
    });
    look.observe(document.body, { childList: true, subtree: true });
  });
}
"""


def open_list(page: Page, centre: Centre) -> list[str]:
    """Sign the owner in, open what is in transit and return the numbers on the page."""
    page.goto(f"{centre.url}/login")
    page.fill("#email", OWNER)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(f"{centre.url}/portal/consignments?status=in_transit")
    page.wait_for_selector('[data-lamp][data-live="on"]')
    rows = page.locator("tr[data-no]")
    return list(rows.evaluate_all("rows => rows.map(row => row.dataset.no)"))


def one(page: Page, caller: Caller, no: str, code: str) -> float:
    """Push a status and return the milliseconds until the row shows it."""
    page.evaluate(WATCH, no)
    began = time.time() * 1000
    caller.post(f"/api/v1/consignments/{no}/events", {"code": code})
    return float(page.evaluate("window.changedAt")) - began


def measure(page: Page, centre: Centre, pushes: int) -> list[float]:
    """Move the first consignments of the list to and fro; return what each push took."""
    caller = Caller(centre.port, centre.flask("apikey", "create", DISPATCHER).split()[-1])
    numbers = open_list(page, centre)
    found = []
    for count in range(pushes):
        turn, place = divmod(count, len(numbers))
        found.append(one(page, caller, numbers[place], ("hub_arrived", "in_transit")[turn % 2]))
    return found


def main() -> None:
    """Set up a centre, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pushes", type=int, default=100)
    parser.add_argument("--consignments", type=int, default=2_000)
    asked = parser.parse_args()
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        centre = Centre(Path(folder))
        centre.flask("db", "upgrade")
        centre.flask("demo", "load", "--consignments", str(asked.consignments))
        centre.start()
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        try:
            took = sorted(measure(browser.new_page(), centre, asked.pushes))
        finally:
            browser.close()
            centre.stop()
    p50, p95 = statistics.median(took), took[int(len(took) * 0.95)]
    print(json.dumps({"pushes": len(took), "p50_ms": round(p50, 1), "p95_ms": round(p95, 1)}))


if __name__ == "__main__":
    main()
