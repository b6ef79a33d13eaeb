"""The facts of one consignment, as the cells of its waybill."""

from typing import Any

from babel import Locale, UnknownLocaleError
from markupsafe import Markup, escape

from portal.consignments.rules.promise import Service
from portal.consignments.shown.words import Expected, delivery_of, pickup_of
from portal.core import i18n
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.core.i18n import pgettext

SERVICE_TEXT = {
    Service.STANDARD: _l("Standard delivery"),
    Service.EXPRESS: _l("Express delivery"),
    Service.COLD: _l("Cold chain"),
}
PAYER_TEXT = {
    "shipper": _l("Consignor"),
    "consignee": _l("Consignee"),
    "third_party": _l("Third party"),
}


def country_name(code: str | None) -> str:
    """Return the name of a country in the reader's language; the code itself if unknown."""
    if not code:
        return ""
    try:
        names = Locale.parse(i18n.tag().replace("-", "_")).territories
    except (ValueError, UnknownLocaleError):
        return code
    return str(names.get(code, code))


def facts(consignment: Any) -> list[dict[str, Any]]:
    """Return the cells; what was not said is left out, but for what a reader looks for."""
    c = consignment
    cells = [
        _time(_("Pick-up"), pickup_of(c)),
        _time(pgettext("leg", "Delivery"), delivery_of(c)),
        _party(_("Consignor"), c, "consignor"),
        _party(_("Consignee"), c, "consignee"),
        _cell(_("Delivery window"), _window(c), span=True),
        _cell(_("Declared value"), _money(c, "declared") or _("none")),
        _cell(_("Cash on delivery"), _money(c, "cod") or _("none")),
        _cell(_("Freight"), _money(c, "freight")),
        _cell(_("Insurance"), _money(c, "insurance")),
        _cell(_("Gross weight"), i18n.weight(c.gross_weight_g) if c.gross_weight_g else ""),
        _cell(
            _("Chargeable weight"),
            i18n.weight(c.chargeable_weight_g) if c.chargeable_weight_g else "",
        ),
        _cell(_("Carried by"), c.mode),
        _cell(_("Paid by"), str(PAYER_TEXT.get(c.payer, c.payer)) if c.payer != "shipper" else ""),
        _cell(_("Care"), _care(c)),
        _cell(_("Note"), c.note, span=True),
    ]
    return [cell for cell in cells if cell["value"]]


def _cell(label: str, value: Any, *, under: str = "", **more: Any) -> dict[str, Any]:
    return {"label": label, "value": value, "under": under, **more}


def _time(leg: str, known: Expected) -> dict[str, Any]:
    if known.is_actual:
        return _cell(
            _("%(leg)s, actual", leg=leg), i18n.instant(known.at), under=_plan(known), num=True
        )
    if known.at is not None:
        said = (known.range, known.source, _plan(known))
        under = _(" · ").join(part for part in said if part)
        return _cell(_("%(leg)s, expected", leg=leg), i18n.instant(known.at), under=under, num=True)
    return _cell(_("%(leg)s, planned", leg=leg), i18n.instant(known.planned) or "—", num=True)


def _plan(known: Expected) -> str:
    return _("planned %(time)s", time=i18n.instant(known.planned)) if known.planned else ""


def _party(label: str, consignment: Any, side: str) -> dict[str, Any]:
    def get(name: str) -> str:
        return getattr(consignment, f"{side}_{name}") or ""

    first = Markup("<b>{}</b> {}").format(get("name"), phone(get("phone"))) if get("name") else ""
    place = " ".join(part for part in (get("postcode"), get("city")) if part)
    lines = [first, get("address"), place, country_name(get("country"))]
    return _cell(label, Markup("<br>").join(escape(line) for line in lines if line), span=True)


def phone(number: str) -> str:
    """Return an E.164 number with gaps that help reading Chinese mobiles."""
    if number.startswith("+861") and len(number) == 14:
        return f"+86 {number[3:6]} {number[6:10]} {number[10:]}"
    return number


def _money(consignment: Any, name: str) -> str:
    minor = getattr(consignment, f"{name}_minor")
    return i18n.money(minor, getattr(consignment, f"{name}_currency")) if minor else ""


def _window(consignment: Any) -> str:
    since, until = consignment.window_from, consignment.window_to
    if since and until:
        return _("%(first)s to %(last)s", first=i18n.instant(since), last=i18n.instant(until))
    if until:
        return _("until %(time)s", time=i18n.instant(until))
    return _("from %(time)s", time=i18n.instant(since)) if since else ""


def _care(consignment: Any) -> str:
    low, high = consignment.temperature_min_c, consignment.temperature_max_c
    said = [
        _("dangerous goods") if consignment.dangerous else "",
        _("%(low)s to %(high)s °C", low=low, high=high) if None not in (low, high) else "",
    ]
    return _(", ").join(part for part in said if part)


def remarks(consignment: Any) -> list[tuple[str, str]]:
    """Return (column, words) of cells that an import kept as they were given."""
    kept = consignment.remarks or {}
    return [(str(name), _plain(value)) for name, value in kept.items()]


def _plain(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
