"""The part of the desk to which the pages of places belong, and what they share."""

from collections.abc import Callable, Sequence

from flask import Blueprint, redirect, url_for
from flask_login import current_user
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from portal.accounts.access import User
from portal.accounts.forms import show
from portal.core.db import AnyRow, db, transaction
from portal.core.errors import Invalid, NotFound, PortalError, Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.sites import queries as sites

bp = Blueprint("warehouse_places", __name__)


class NoHouse(NotFound):
    """There is no warehouse yet that the asker could look into."""


def houses() -> Sequence[AnyRow]:
    """Return the warehouses to choose from; raises NoHouse where there is none."""
    found = sites.warehouses_for(asker())
    if not found:
        raise NoHouse(_l("There is no warehouse yet"))
    return found


def to_the_places(_error: NoHouse) -> Response:
    """Lead to where a warehouse is made."""
    return redirect(url_for("warehouse_places.index"))


def asker() -> User:
    """Return who of the centre asks."""
    user: User = current_user._get_current_object()
    return user


def warehouse_at(code: str) -> AnyRow:
    """Return a warehouse that the asker may know."""
    return sites.warehouse_for(asker(), code)


def zone_at(warehouse: AnyRow, code: str) -> AnyRow:
    """Return a zone by its code; raises NotFound."""
    return _by_code(sites.zones_of(warehouse.id), code)


def dock_at(warehouse: AnyRow, code: str) -> AnyRow:
    """Return a dock by its code; raises NotFound."""
    return _by_code(sites.docks_of(warehouse.id), code)


def _by_code(rows: Sequence[AnyRow], code: str) -> AnyRow:
    found = next((row for row in rows if row.code == code), None)
    if found is None:
        raise NotFound(_l("There is nothing at this address, or it is not yours to see."))
    return found


def is_done(form: Form, work: Callable[[Connection], object]) -> bool:
    """Do the work in a transaction; return False, with the reason in the form, if it is refused."""
    try:
        with transaction():
            work(db.session.connection())
    except (Invalid, Refused) as refusal:
        show(refusal, form)
        return False
    return True


def refusal_of(work: Callable[[Connection], object]) -> PortalError | None:
    """Do the work in a transaction; return why it was refused, None where it is done."""
    try:
        with transaction():
            work(db.session.connection())
    except (Invalid, Refused) as refusal:
        return refusal
    return None
