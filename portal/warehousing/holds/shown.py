"""What the pages of lots show, to owners and at the desk; and the acts that both have."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import ngettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.accounts.rules import plain
from portal.core import clock, pagination
from portal.core.errors import Refused
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.core.links import with_query
from portal.core.quantities import written
from portal.warehousing.floor.forms import done
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.holds import queries
from portal.warehousing.holds.queries import TABS, Lying, Wanted
from portal.warehousing.ledger import holds
from portal.warehousing.ledger.rules import STATUSES
from portal.warehousing.ledger.service import holding
from portal.warehousing.ledger.service.holding import Held, Hold

_FILTERS = ("tab", "q", "status")


def asked() -> dict[str, str]:
    """Return the filters of the address."""
    found = {name: plain(request.args.get(name, "")).strip()[:100] for name in _FILTERS}
    return {name: value for name, value in found.items() if value}


def wanted_of() -> Wanted:
    """Return which lots the address asks for."""
    kept = asked()
    tab = kept.get("tab", "all")
    tab = tab if tab in TABS else "all"
    return Wanted(tab=tab, text=kept.get("q", ""), status=kept.get("status", ""))


def listed(user: User, endpoint: str) -> dict[str, Any]:
    """Return what a list of lots shows; ``endpoint`` is its blueprint."""
    kept, wanted = asked(), wanted_of()
    after = request.args.get("after")
    page = queries.lots_for(user, wanted, after=after, limit=pagination.limit(None))
    here = url_for(f"{endpoint}.index")
    return {
        "rows": page.items,
        "lying": queries.lying_of(user, page.items),
        "lasting": queries.lasting_of(page.items),
        "nothing": Lying(),
        "tabs": _tabs(queries.counts_for(user), wanted.tab, kept, here),
        "kept": kept,
        "chips": _chips(kept, here),
        "older": page.next and with_query(here, {**kept, "after": page.next}.items()),
        "first": with_query(here, kept.items()) if after else None,
        "fragment": with_query(url_for(f"{endpoint}.rows"), request.args),
        "status_options": [("", _("Any")), *((k, str(v)) for k, v in STATUSES.items())],
        "here": endpoint,
        **_words(),
    }


def _words() -> dict[str, Any]:
    return {
        "statuses": STATUSES,
        "kinds": holds.KINDS,
        "written": written,
        "unit_text": unit_text,
        "today": queries.today(),
        "soon": queries.today() + queries.SOON,
        "present": clock.now(),
    }


def _tabs(
    counts: Mapping[str, int], tab: str, kept: Mapping[str, str], here: str
) -> list[tuple[Any, ...]]:
    names = {"all": _("All"), "held": _("Not free"), "expiring": _("Expire soon")}
    return [
        (text, with_query(here, {**kept, "tab": name}.items()), name == tab, counts.get(name))
        for name, text in names.items()
    ]


def _chips(kept: Mapping[str, str], here: str) -> list[tuple[str, str]]:
    said = {
        "q": f"“{kept.get('q', '')}”",
        "status": str(STATUSES.get(kept.get("status", ""), "?")),
    }
    return [
        (text, with_query(here, {k: v for k, v in kept.items() if k != name}.items()))
        for name, text in said.items()
        if name in kept
    ]


def one(user: User, lot_id: int, endpoint: str) -> dict[str, Any]:
    """Return what the page of one lot shows."""
    lot = queries.lot_for(user, lot_id)
    kind = holds.kind_of(user)
    return {
        "lot": lot,
        "lying": queries.lying_of(user, [lot]).get(lot.id, Lying()),
        "places": queries.places_of(user, lot),
        "holds": queries.holds_of(lot),
        "kind": kind,
        "offers": [(each, str(STATUSES[each])) for each in holds.STATUSES_BY[kind]],
        "most_reason": holds.MAX_REASON,
        "here": endpoint,
        **_words(),
    }


def set_hold(user: User, lot_id: int, back: str) -> Response:
    """Hold a lot as the form says."""
    lot = queries.lot_for(user, lot_id)
    hold = Hold(
        kind=holds.kind_of(user),
        status=request.form.get("status", "on_hold"),
        reason=" ".join(plain(request.form.get("reason", "")).split()),
        until_on=_day(request.form.get("until_on", "")),
    )

    def work(on: Connection) -> Any:
        if hold.status not in STATUSES:
            raise Refused(_l("Choose what the lot becomes."))
        held = holding.set_hold(lot.id, lot.company_id, hold, by_id=user.person_id, on=on)
        return _told(held)

    return done("lot.hold", work, back)


def lift(user: User, lot_id: int, ref: str, back: str) -> Response:
    """End a hold."""
    lot = queries.lot_for(user, lot_id)
    note = " ".join(plain(request.form.get("note", "")).split())[: holds.MAX_REASON] or None

    def work(on: Connection) -> Any:
        kind = holds.kind_of(user)
        held = holding.lift(ref, lot.company_id, kind, by_id=user.person_id, note=note, on=on)
        return _told(held)

    return done("lot.lift", work, back)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _told(held: Held) -> str:
    """Return the sentences that say what became of a lot."""
    said = [
        _(
            "The lot is now “%(status)s”: %(quantity)s changed with it.",
            status=str(STATUSES[held.status]),
            quantity=written(held.changed),
        )
    ]
    if held.lost:
        said.append(
            ngettext(
                "%(num)d promise to an order ended; other goods are looked for.",
                "%(num)d promises to orders ended; other goods are looked for.",
                len(held.lost),
            )
        )
    if held.picked:
        said.append(
            _(
                "%(quantity)s were picked for orders already and stay with them.",
                quantity=written(held.picked),
            )
        )
    return " ".join(said)
