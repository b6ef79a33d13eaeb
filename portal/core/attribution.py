"""Which advertisement brought a browser here: a signed cookie, set only by a click.

The cookie holds nothing of the person: for each of the last few campaigns that were clicked the
creative, the zone and the time. Whoever makes something that counts as a success of advertising
calls ``note`` in the request that makes it; if this browser has clicked before, a job is owed, and
the part that keeps the campaigns decides whether it still counts (``docs/advertising.md``).
"""

from typing import Any, Literal

from flask import Response, has_request_context, request
from sqlalchemy import Connection

from portal.core import clock, i18n, jobs, tokens

COOKIE = "ad_click"
KEPT_S = 30 * 24 * 3600
MOST = 5  # campaigns, the latest clicks
JOB = "promotion.conversion"
_PURPOSE = "ad click cookie"
#: A click as the cookie keeps it: campaign, creative, zone, when (seconds since 1970).
Click = tuple[int, int, str, int]


def note(
    kind: Literal["inquiry", "application"], ref: str, *, on: Connection | None = None
) -> None:
    """Owe a job if this browser clicked an advertisement before ``ref`` was made.

    Call it within the transaction that makes the inquiry or the application. Without a click,
    or outside a request, nothing is written.
    """
    clicks = remembered()
    if clicks:
        at = int(clock.now().timestamp())
        jobs.owe(JOB, {"kind": kind, "ref": ref, "at": at, "clicks": clicks}, on=on)


def remembered() -> list[list[Any]]:
    """Return this browser's clicks of the last KEPT_S seconds, the latest first."""
    text = request.cookies.get(COOKIE, "") if has_request_context() else ""
    found = tokens.read_signed(text, _PURPOSE) if text else None
    if not isinstance(found, list):
        return []
    since = clock.now().timestamp() - KEPT_S
    return [click for click in found if click[3] >= since]


def remember(response: Response, click: Click) -> None:
    """Have the browser keep ``click``, in place of an earlier one of the same campaign."""
    others = [each for each in remembered() if each[0] != click[0]]
    response.set_cookie(
        COOKIE,
        tokens.signed([list(click), *others][:MOST], _PURPOSE),
        max_age=KEPT_S,
        httponly=True,
        samesite="Lax",
        secure=i18n.is_secure(),
    )
