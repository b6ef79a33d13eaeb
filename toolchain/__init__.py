"""What ``dev.py`` is made of: standard library only, it runs before anything is installed."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said to people, before anything newer is used
    sys.exit(
        "Quayside needs Python 3.11 or newer, this is Python %d.%d. Install a newer one and start"
        " again with it, for example: python3.12 dev.py run" % sys.version_info[:2]
    )
