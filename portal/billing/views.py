"""Estimates and calculators for anyone, and a company's own terms."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from portal.accounts import offers as terms_of_members
from portal.accounts.rules.companies import PAYMENT_TERMS
from portal.billing import queries
from portal.billing.estimating import UNSURE, Offer, offers
from portal.billing.forms import EstimateForm, FitForm, StorageForm, WeightForm, mm
from portal.billing.rules import fitting, price
from portal.consignments.forms.order import SERVICE_NAMES
from portal.consignments.rules import promise
from portal.consignments.shown.promised import basis_text, range_text
from portal.core import i18n
from portal.core.i18n import gettext as _
from portal.core.i18n import money

bp = Blueprint("estimate", __name__)
terms_bp = Blueprint("terms", __name__)
Page = str | tuple[str, int]
START = {"from_country": "CN", "to_country": "CN", "pickup": True}


@bp.get("")
def index() -> Page:
    """Estimate price and time of a consignment, each line explained."""
    is_asked = "weight" in request.args
    form = EstimateForm(request.args if is_asked else None, **START)
    tariff = queries.tariff_for(current_user)
    good = is_asked and form.validate() and tariff is not None
    found = offers(form.wish(), queries.prices_of(tariff)) if good and tariff else []
    page = render_template(
        "billing/estimate.html",
        form=form,
        tariff=tariff,
        wish=form.wish() if good else None,
        offers=found,
        chosen=next((o for o in found if o.service == form.service.data), None),
        unsure=UNSURE,
        service_names=SERVICE_NAMES,
        explain=explain,
        range_text=range_text,
        basis_text=basis_text,
        ask_url=_asking(form, found) if found else None,
        order_url=_ordering(form) if found else None,
    )
    return (page, 422) if is_asked and not good and form.errors else page


def explain(line: price.Line, currency: str) -> str:
    """Return in words how a line was reckoned."""
    if line.rate is not None:
        return _freight_text(line, currency)
    if line.is_least:
        return _("the least amount: %(least)s", least=money(line.minor, currency))
    if line.bp:
        share = i18n.number(Decimal(line.bp) / 100)
        return _("%(share)s %% of %(amount)s", share=share, amount=money(line.of_minor, currency))
    return _("once for each consignment")


def _freight_text(line: price.Line, currency: str) -> str:
    rate = line.rate
    if rate is None:
        return ""
    first = _(
        "first %(weight)s: %(amount)s",
        weight=i18n.weight(rate.first_g),
        amount=money(rate.first_minor, currency),
    )
    if not line.steps:
        return first
    return _(
        "%(first)s; then %(steps)s × %(weight)s at %(amount)s",
        first=first,
        steps=i18n.number(line.steps),
        weight=i18n.weight(rate.step_g),
        amount=money(rate.step_minor, currency),
    )


def _asking(form: EstimateForm, found: list[Offer]) -> str:
    """Return where the estimate becomes an inquiry, with what was asked and answered."""
    chosen = next(offer for offer in found if offer.service == form.service.data)
    wish = form.wish()
    text = _(
        "From %(start)s to %(end)s, %(pieces)s pieces, %(weight)s, %(service)s.",
        start=form.from_city.data,
        end=form.to_city.data,
        pieces=wish.pieces,
        weight=i18n.weight(wish.chargeable_g),
        service=SERVICE_NAMES[chosen.service],
    )
    if chosen.price:
        total = money(chosen.price.total_minor, chosen.price.currency)
        text += " " + _("Your estimate: %(total)s.", total=total)
    subject = _("Price from %(start)s to %(end)s", start=form.from_city.data, end=form.to_city.data)
    return url_for("messages.new", topic="quote", subject=subject, text=text + "\n")


def _ordering(form: EstimateForm) -> str | None:
    """Return where a member finds the order filled with what was asked."""
    if not current_user.may("consignments.create"):
        return None
    names = "from_city from_country to_city to_country pieces weight length width height service"
    asked = {name: form[name].data for name in names.split() if form[name].data}
    return f"{url_for('consignments.new')}?{urlencode({'estimate': 1} | asked)}"


@bp.get("/calculators")
def calculators() -> Page:
    """Reckon a volumetric weight, what fits on pallets and into containers, and storage."""
    which = request.args.get("which", "")
    tariff = queries.tariff_for(current_user)
    forms: dict[str, Any] = {
        "weight": WeightForm(request.args if which == "weight" else None),
        "fit": FitForm(request.args if which == "fit" else None),
        "storage": StorageForm(request.args if which == "storage" else None),
    }
    form = forms.get(which)
    good = form is not None and form.validate()
    results: dict[str, Any] = {"weight": _weighed, "fit": _fitted, "storage": _stored}
    page = render_template(
        "billing/calculators.html",
        forms=forms,
        which=which,
        result=results[which](form, tariff) if good else None,
        tariff=tariff,
        prices=queries.prices_of(tariff) if tariff else None,
        divisor=promise.VOLUMETRIC_DIVISOR,
        names={
            "20": _("20-foot container"),
            "40": _("40-foot container"),
            "40hc": _("40-foot high cube"),
        },
    )
    return (page, 422) if form is not None and not good else page


def _weighed(form: WeightForm, _tariff: Any) -> dict[str, Any]:
    volume = mm(form.length) * mm(form.width) * mm(form.height)
    pieces = int(form.pieces.number or 1)
    gross = round((form.weight.number or 0) * 1000)
    return {
        "volume": volume * pieces,
        "volumetric_g": promise.chargeable_weight_g(0, volume * pieces),
        "gross_g": gross * pieces,
        "chargeable_g": promise.chargeable_weight_g(gross * pieces, volume * pieces),
    }


def _fitted(form: FitForm, _tariff: Any) -> dict[str, Any]:
    carton = fitting.Carton(
        mm(form.length),
        mm(form.width),
        mm(form.height),
        round((form.weight.number or 0) * 1000),
        upright=not form.lying.data,
    )
    floor = fitting.PALLETS[form.pallet.data]
    stacked = fitting.pallet(carton, floor, mm(form.tall))
    kinds = fitting.CONTAINERS if stacked else {}
    return {
        "pallet": stacked,
        "containers": [fitting.container(k, carton, floor, stacked) for k in kinds if stacked],
    }


def _stored(form: StorageForm, tariff: Any) -> dict[str, Any]:
    if tariff is None:
        return {}
    prices = queries.prices_of(tariff)
    pallets, days = int(form.pallets.number or 0), int(form.days.number or 0)
    return {"stored": price.storage(prices, pallets, days), "prices": prices, "pallets": pallets}


@terms_bp.get("")
def index_of_terms() -> str:
    """Show a company its terms: how it pays, by which tariff, and who looks after it."""
    terms = queries.terms_for(current_user)
    tariff = queries.tariff_for(current_user)
    return render_template(
        "billing/terms.html",
        terms=terms,
        tariff=tariff,
        name=queries.name_in(tariff.names) if tariff else "",
        prices=queries.prices_of(tariff) if tariff else None,
        is_own=bool(tariff and tariff.ref == terms.tariff),
        payment=PAYMENT_TERMS.get(terms.payment_terms or ""),
        service_names=SERVICE_NAMES,
    )


terms_of_members.provide(queries.offered)
