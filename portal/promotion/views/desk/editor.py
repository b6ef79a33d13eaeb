"""The campaign editor: steps that are saved one by one, and creatives with their preview."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import Form

from portal.accounts.forms import Answer, filled, show
from portal.core import clock, limits
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.promotion import facts, forms
from portal.promotion.forms import AudienceForm, CampaignForm, CreativeForm, DeliveryForm
from portal.promotion.models import Campaign, Creative
from portal.promotion.queries import campaigns, roster
from portal.promotion.rules.zones import KINDS, ZONES
from portal.promotion.service import campaigns as service
from portal.promotion.service.campaigns import NewCreative
from portal.promotion.views.desk import uploads
from portal.promotion.views.desk.previews import previews
from portal.promotion.views.desk.ways import STEPS, bp

_FORMS: dict[str, Any] = {
    "campaign": CampaignForm,
    "delivery": DeliveryForm,
    "audience": AudienceForm,
}


@bp.route("/new", methods=["GET", "POST"])
def create() -> Answer:
    """Begin a campaign."""
    today = forms.day_of(clock.now())
    form = CampaignForm(request.form, data={"starts_on": today})
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                campaign = service.make(form.values(), by=current_user)
        except PortalError as error:
            show(error, form)
        else:
            return redirect(url_for(".edit", ref=campaign.ref, step="delivery"))
    return _step("campaign", None, form)


@bp.route("/<ref>/edit/<any(campaign, delivery, audience):step>", methods=["GET", "POST"])
def edit(ref: str, step: str) -> Answer:
    """Change one step of a campaign."""
    campaign = campaigns.campaign_for(current_user, ref)
    if request.method == "GET":
        return _step(step, campaign, _FORMS[step].of(campaign))
    form = _FORMS[step](request.form)
    if form.validate() and _companies_exist(form):
        try:
            with transaction():
                campaign = campaigns.campaign_for(current_user, ref, lock=True)
                service.change(campaign, step, _values(form), by=current_user)
        except PortalError as error:
            show(error, form)
        else:
            roster.forget()
            return _onward(campaign, step)
    return _step(step, campaign, form)


def _values(form: Any) -> dict[str, Any]:
    values: dict[str, Any] = form.values()
    return {"targeting": values | _further()} if isinstance(form, AudienceForm) else values


def _further() -> dict[str, list[str]]:
    """Return what was chosen of the facts that other rooms provide."""
    chosen = {
        fact.name: [value for value, _ in fact.options() if value in _asked(fact.name)]
        for fact in further_facts()
    }
    return {name: values for name, values in chosen.items() if values}


def _asked(name: str) -> list[str]:
    return request.form.getlist(f"fact_{name}")


def further_facts() -> list[facts.Fact]:
    """Return the facts that this form does not know by itself."""
    return [fact for name, fact in facts.provided().items() if name not in ("audience", "company")]


def _companies_exist(form: Form) -> bool:
    if not isinstance(form, AudienceForm):
        return True
    unknown = set(form.refs()) - set(campaigns.companies_named(form.refs()))
    if unknown:
        sentence = _("There is no company %(refs)s.", refs=", ".join(sorted(unknown))[:100])
        form.company.errors = [sentence]
    return not unknown


def _onward(campaign: Campaign, step: str) -> Response:
    """Go to the next step of a draft; back to the campaign otherwise."""
    flash(_("Saved."), "good")
    if campaign.state != "draft":
        return redirect(url_for(".show", ref=campaign.ref))
    names = [name for name, _ in STEPS]
    following = names[names.index(step) + 1]
    if following == "creatives":
        return redirect(url_for(".creatives", ref=campaign.ref))
    return redirect(url_for(".edit", ref=campaign.ref, step=following))


def _step(step: str, campaign: Campaign | None, form: Form) -> Answer:
    chosen = campaign.targeting if campaign else {}
    page = render_template(
        "promotion/desk/step.html",
        step=step,
        steps=STEPS,
        campaign=campaign,
        form=form,
        further=[(fact, chosen.get(fact.name, ())) for fact in further_facts()],
        company_names=campaigns.companies_named(chosen.get("company", ())),
    )
    return filled(page, form)


@bp.get("/<ref>/creatives")
def creatives(ref: str) -> str:
    """Show the creatives of a campaign in each of their zones."""
    campaign = campaigns.campaign_for(current_user, ref)
    kept = campaigns.creatives_of(campaign)
    return render_template(
        "promotion/desk/creatives.html",
        steps=STEPS,
        campaign=campaign,
        kinds=KINDS,
        shown=[(each, previews(campaign, each)) for each in kept],
    )


@bp.route("/<ref>/creatives/new", methods=["GET", "POST"])
def add_creative(ref: str) -> Answer:
    """Add a creative of the kind that was chosen."""
    campaign = campaigns.campaign_for(current_user, ref)
    kind = request.values.get("kind", "image")
    if kind not in KINDS:
        raise NotFound(_l("There is no such kind of creative."))
    return _creative(campaign, kind, None, CreativeForm(request.form))


@bp.route("/<ref>/creatives/<int(max=9223372036854775807):number>", methods=["GET", "POST"])
def edit_creative(ref: str, number: int) -> Answer:
    """Change a creative."""
    campaign = campaigns.campaign_for(current_user, ref)
    creative = campaigns.creative_for(current_user, campaign, number)
    is_sent = request.method == "POST"
    form = CreativeForm(request.form) if is_sent else CreativeForm.of(creative)
    return _creative(campaign, creative.kind, creative, form)


def _creative(
    campaign: Campaign, kind: str, creative: Creative | None, form: CreativeForm
) -> Answer:
    if request.method == "POST" and form.validate():
        try:
            _keep(campaign.ref, kind, creative.id if creative else None, form)
        except PortalError as error:
            show(error, form)
        else:
            roster.forget()
            flash(_("Saved."), "good")
            return redirect(url_for(".creatives", ref=campaign.ref))
    page = render_template(
        "promotion/desk/creative.html",
        campaign=campaign,
        creative=creative,
        kind=kind,
        kinds=KINDS,
        zones=ZONES.values(),
        form=form,
        field_name=forms.field_name,
        steps=STEPS,
        shown=previews(campaign, creative) if creative else [],
    )
    return filled(page, form)


def _keep(ref: str, kind: str, number: int | None, form: CreativeForm) -> None:
    limits.spend("upload", current_user.person_id)
    new = NewCreative(
        kind=kind,
        name=form["name"].data,
        zones=form.zones.data,
        weight=form.weight.data or 0,
        words=form.words(),
        colour=form.colour.data or "teal",
        is_off=form.is_off.data,
        **uploads.kept(kind),
    )
    with transaction():
        campaign = campaigns.campaign_for(current_user, ref, lock=True)
        creative = campaigns.creative_for(current_user, campaign, number) if number else None
        service.keep_creative(campaign, new, by=current_user, creative=creative)


@bp.post("/<ref>/creatives/<int(max=9223372036854775807):number>/remove")
def remove_creative(ref: str, number: int) -> Response:
    """Remove a creative."""
    with transaction():
        campaign = campaigns.campaign_for(current_user, ref, lock=True)
        creative = campaigns.creative_for(current_user, campaign, number)
        service.remove_creative(campaign, creative, by=current_user)
    roster.forget()
    flash(_("Removed."), "good")
    return redirect(url_for(".creatives", ref=ref))
