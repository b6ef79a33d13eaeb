"""Real data for tests; see README.md."""

import gzip
from pathlib import Path

#: The delivery history of a real shipper, a CSV as published.
HISTORY: bytes = gzip.decompress(
    (Path(__file__).parent / "scms_delivery_history.csv.gz").read_bytes()
)
