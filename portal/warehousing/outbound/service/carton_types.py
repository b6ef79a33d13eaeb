"""The kinds of cartons that a centre packs in: made, changed, retired. None is ever removed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.core import events
from portal.core.db import AnyRow
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import lazy as _l
from portal.warehousing.outbound.events import CartonTypeChanged
from portal.warehousing.outbound.models import CartonType

_TYPE = CartonType.__table__


def make(values: Mapping[str, Any], *, by: int | None, on: Connection) -> None:
    """Make a kind of carton; ``values``: its columns, millimetres and grams.

    Raises Invalid where the code is taken. Records CartonTypeChanged.
    """
    if on.scalar(select(_TYPE.c.id).where(_TYPE.c.code == values["code"])) is not None:
        message = _l("This code is taken.")
        raise Invalid(message, [FieldError("code", message)])
    on.execute(insert(_TYPE).values(**values))
    _say(values["code"], values, by, on)


def change(kind: AnyRow, values: Mapping[str, Any], *, by: int | None, on: Connection) -> None:
    """Change a kind of carton; its code stays, since it is written on the racks they lie in.

    What was packed before keeps its measures and weights. Records CartonTypeChanged.
    """
    old = kind._mapping
    changed = {name: new for name, new in values.items() if name != "code" and old[name] != new}
    if changed:
        on.execute(update(_TYPE).where(_TYPE.c.id == kind.id).values(**changed))
        _say(kind.code, changed, by, on)


def _say(code: str, fields: Mapping[str, Any], by: int | None, on: Connection) -> None:
    told = CartonTypeChanged(actor_id=by, company_id=None, code=code, fields=sorted(fields))
    events.record(told, on=on)
