"""The site map: every blueprint, where it is mounted, and who may enter.

A blueprint that is not in this table is not served. What single pages of a part need beyond
its audience stands in NEEDS. Both are held against the matrix in ``accounts/roles.py`` by tests.
"""

from flask import Flask, abort, g, redirect, request, url_for
from flask_login import current_user
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response

from portal.accounts import api as auth_api
from portal.accounts.access import MEMBER, PUBLIC, SIGNED_IN, STAFF, Audience
from portal.accounts.views import (
    account,
    api_keys,
    colleagues,
    company,
    invitations,
    passwords,
    sign_in,
)
from portal.accounts.views.desk import companies as companies_desk
from portal.accounts.views.desk import jobs as jobs_desk
from portal.accounts.views.desk import staff as staff_desk
from portal.billing import desk as tariffs_desk
from portal.billing import views as billing
from portal.club.daily import desk as daily_desk
from portal.club.daily import views as daily
from portal.club.direct import views as direct
from portal.club.figures import desk as club_figures
from portal.club.games import views as games
from portal.club.people import views as directory
from portal.club.points import desk as rewards_desk
from portal.club.points import views as points
from portal.club.rooms import desk as rooms_desk
from portal.club.rooms import views as rooms
from portal.consignments import desk
from portal.consignments import public as process
from portal.consignments import views as consignments
from portal.consignments.api import consignments as consignments_api
from portal.consignments.api import events as events_api
from portal.consignments.api import incidents as incidents_api
from portal.consignments.desk import incidents as incidents_desk
from portal.consignments.views import incident_mail
from portal.core import health
from portal.core.errors import Forbidden, SignInNeeded
from portal.core.i18n import lazy as _l
from portal.documents.evidence import views as evidence
from portal.documents.views import many as papers
from portal.documents.views import one as paper
from portal.enquiries import api as messages_api
from portal.enquiries import desk as messages_desk
from portal.enquiries import views as messages
from portal.exchange import api as imports_api
from portal.exchange import openapi
from portal.exchange.views import ads as ads_export
from portal.exchange.views import company_exports, exports, imports, message_exports
from portal.forum import api as club_api
from portal.forum import desk as review
from portal.forum import desk_spaces as club_spaces
from portal.forum import views as club
from portal.forum.views import feeds as club_feeds
from portal.fulfilment import printing as release_papers
from portal.fulfilment import shown as carriage
from portal.learning import desk as learning_desk
from portal.learning import views as learning
from portal.live import api as stream_api
from portal.live import log
from portal.membership import api as applications_api
from portal.membership import desk as applications
from portal.membership import views as membership
from portal.membership.views import first_steps
from portal.needs import NEEDS
from portal.notifications import views as notices
from portal.pages import seo
from portal.pages.desk import bp as pages_desk_bp
from portal.pages.desk import design
from portal.pages.desk import open as pages_open
from portal.pages.friends import desk as friends_desk
from portal.pages.friends import views as friends
from portal.pages.views import feeds, news, services
from portal.pages.views import site as pages
from portal.promotion import api as ads_api
from portal.promotion.views import desk as ads_desk
from portal.promotion.views import public as ads
from portal.tracking import api as tracking_api
from portal.tracking import views as tracking
from portal.warehousing.counting import desk as counts_desk
from portal.warehousing.counting import views as count_floor
from portal.warehousing.floor import looking as floor_screens
from portal.warehousing.goods import api as goods_api
from portal.warehousing.goods import views as goods
from portal.warehousing.holds import desk as lots_desk
from portal.warehousing.holds import floor as damage_floor
from portal.warehousing.holds import views as lots
from portal.warehousing.inbound import api as inbound_api
from portal.warehousing.inbound import desk as inbound_desk
from portal.warehousing.inbound import views as inbound
from portal.warehousing.kits import views as kits
from portal.warehousing.layout import desk as layout
from portal.warehousing.moving import desk as moves_desk
from portal.warehousing.moving import views as moves_floor
from portal.warehousing.outbound import api as outbound_api
from portal.warehousing.outbound import desk as outbound_desk
from portal.warehousing.outbound import floor as outbound_floor
from portal.warehousing.outbound import views as outbound
from portal.warehousing.overview import views as overview
from portal.warehousing.returns import api as returns_api
from portal.warehousing.returns import desk as returns_desk
from portal.warehousing.returns import floor as returns_floor
from portal.warehousing.returns import views as returns
from portal.warehousing.stock import api as stock_api
from portal.warehousing.stock import desk as stock_desk
from portal.warehousing.stock import views as stock

API = "/api/v1"

#: (blueprint, prefix, audience)
SITE_MAP = (
    (health.bp, "", PUBLIC),
    (pages.bp, "", PUBLIC),
    (services.bp, "", PUBLIC),
    (news.bp, "", PUBLIC),
    (feeds.bp, "", PUBLIC),
    (friends.bp, "/links", PUBLIC),
    (learning.bp, "/learn", PUBLIC),
    (learning.ask_bp, "/learn/ask", PUBLIC),
    (learning.study_bp, "/learn", Audience("learning.take", signed_in=True)),
    (club.bp, "/club", Audience("club.enter", signed_in=True)),
    (club_feeds.open_bp, "/club/feeds", PUBLIC),
    (games.bp, "/club/games", Audience("club.enter", signed_in=True)),
    (daily.bp, "/club/today", Audience("club.enter", signed_in=True)),
    (daily_desk.bp, "/desk/club/quiz", Audience("club.manage", signed_in=True)),
    (points.bp, "/club", Audience("club.enter", signed_in=True)),
    (club_figures.bp, "/desk/club", Audience("club.review", signed_in=True)),
    (rewards_desk.bp, "/desk/club/rewards", Audience("club.manage", signed_in=True)),
    (direct.bp, "/club/messages", Audience("club.enter", signed_in=True)),
    (directory.bp, "/club/members", Audience("club.enter", signed_in=True)),
    (rooms.bp, "/club/rooms", Audience("club.enter", signed_in=True)),
    (rooms.open_bp, "/club/calendar", PUBLIC),
    (rooms_desk.bp, "/desk/club/rooms", Audience("club.host", signed_in=True)),
    (club_api.bp, f"{API}/club", Audience("club.enter", signed_in=True)),
    (review.bp, "/desk/review", Audience("club.review", signed_in=True)),
    (club_spaces.bp, "/desk/club/spaces", Audience("club.manage", signed_in=True)),
    (learning.verify_bp, "/verify/certificate", PUBLIC),
    (learning_desk.bp, "/desk/learning", Audience("pages.edit", signed_in=True)),
    (
        learning_desk.questions_bp,
        "/desk/learning/questions",
        Audience("questions.answer", signed_in=True),
    ),
    (
        learning_desk.certificates_bp,
        "/desk/learning/certificates",
        Audience("pages.publish", signed_in=True),
    ),
    (billing.bp, "/estimate", PUBLIC),
    (billing.terms_bp, "/portal/terms", Audience("terms.see", signed_in=True)),
    (tariffs_desk.bp, "/desk/tariffs", Audience("tariffs.see", signed_in=True)),
    (friends_desk.bp, "/desk/links", Audience("friends.manage", signed_in=True)),
    (process.bp, "", PUBLIC),
    (desk.home_bp, "/desk", STAFF),
    (desk.list_bp, "/desk/consignments", Audience("consignments.see_all", signed_in=True)),
    (pages_desk_bp, "/desk/pages", Audience("pages.edit", signed_in=True)),
    (pages_open.media_bp, "/media", PUBLIC),
    (pages_open.preview_bp, "/preview", PUBLIC),
    (design.bp, "/desk/design", Audience("design.see", signed_in=True)),
    (incidents_desk.bp, "/desk/incidents", Audience("incidents.handle", signed_in=True)),
    (incident_mail.bp, "/incident-mail", PUBLIC),
    (notices.bp, "/portal/notifications", SIGNED_IN),
    (notices.mail_bp, "/notice-mail", PUBLIC),
    (desk.board_bp, "/desk/board", Audience("board.see", signed_in=True)),
    (desk.places_bp, "/desk/places", Audience("consignments.see_all", signed_in=True)),
    (desk.map_bp, "/desk/map", Audience("board.see", signed_in=True)),
    (messages.bp, "/messages", PUBLIC),
    (messages.own_bp, "/portal/messages", Audience("messages.own", signed_in=True)),
    (messages_desk.bp, "/desk/messages", Audience("inbox.enter", signed_in=True)),
    (messages_desk.calls_bp, "/desk/messages/calls", Audience("messages.see", signed_in=True)),
    (
        messages_desk.days_bp,
        "/desk/messages/closed-days",
        Audience("calendar.edit", signed_in=True),
    ),
    (message_exports.bp, "/desk/exports", Audience("messages.moderate", signed_in=True)),
    (company_exports.bp, "/desk/exports", Audience("companies.export", signed_in=True)),
    (messages_api.bp, API, PUBLIC),
    (sign_in.bp, "", PUBLIC),
    (passwords.bp, "", PUBLIC),
    (invitations.bp, "", PUBLIC),
    (account.bp, "/account", SIGNED_IN),
    (incident_mail.account_bp, "/account/mails", Audience("consignments.amend", signed_in=True)),
    (company.bp, "/portal/company", MEMBER),
    (colleagues.bp, "/portal/company/colleagues", MEMBER),
    (api_keys.bp, "/portal/company/keys", Audience("apikeys.manage", signed_in=True)),
    (membership.bp, "/apply", PUBLIC),
    (first_steps.bp, "/portal/first-steps", MEMBER),
    (applications_api.bp, f"{API}/applications", PUBLIC),
    (applications.bp, "/desk/applications", Audience("applications.see", signed_in=True)),
    (
        applications.questions_bp,
        "/desk/applications/questions",
        Audience("applications.questions", signed_in=True),
    ),
    (companies_desk.bp, "/desk/companies", Audience("companies.see", signed_in=True)),
    (staff_desk.bp, "/desk/admin/staff", Audience("staff.manage", signed_in=True)),
    (jobs_desk.bp, "/desk/admin/jobs", Audience("jobs.see", signed_in=True)),
    (auth_api.bp, API, PUBLIC),
    (consignments.bp, "/portal/consignments", MEMBER),
    (imports.bp, "/portal/imports", Audience("consignments.import", signed_in=True)),
    (imports_api.bp, f"{API}/imports", Audience("consignments.import", signed_in=True)),
    (exports.bp, "", SIGNED_IN),
    (consignments.addresses, "/portal/addresses", MEMBER),
    (consignments.figures, "/portal/figures", MEMBER),
    (consignments.figures_desk, "/desk/figures", Audience("consignments.see_all", signed_in=True)),
    (consignments.home, "/portal", MEMBER),
    (stream_api.bp, API, PUBLIC),
    (tracking.bp, "", PUBLIC),
    (tracking.links_bp, "/portal/consignments", MEMBER),
    (tracking_api.bp, API, PUBLIC),
    (tracking_api.links_bp, API, SIGNED_IN),
    (consignments_api.bp, f"{API}/consignments", SIGNED_IN),
    (papers.bp, "/portal/documents", Audience("consignments.see", signed_in=True)),
    (papers.desk_bp, "/desk/documents", Audience("consignments.see_all", signed_in=True)),
    (paper.bp, "/portal/consignments", Audience("consignments.see", signed_in=True)),
    (paper.desk_bp, "/desk/consignments", Audience("consignments.see_all", signed_in=True)),
    (paper.api_bp, f"{API}/consignments", SIGNED_IN),
    (events_api.bp, API, SIGNED_IN),
    (incidents_api.bp, f"{API}/incidents", SIGNED_IN),
    (evidence.verify_bp, "", PUBLIC),
    (evidence.api_bp, API, SIGNED_IN),
    (openapi.bp, API, PUBLIC),
    (ads.bp, "", PUBLIC),
    (ads_desk.bp, "/desk/ads", Audience("ads.manage", signed_in=True)),
    (ads_export.bp, "/desk/ads", Audience("ads.manage", signed_in=True)),
    (ads_api.bp, API, PUBLIC),
    (returns.bp, "/portal/returns", Audience("stock.see", signed_in=True)),
    (returns_desk.bp, "/desk/warehouse/returns", Audience("warehouse.see", signed_in=True)),
    (returns_floor.bp, "/desk/warehouse/floor/returns", Audience("warehouse.work", signed_in=True)),
    (returns_api.bp, f"{API}/returns", SIGNED_IN),
    (damage_floor.bp, "/desk/warehouse/floor/damage", Audience("warehouse.work", signed_in=True)),
    (lots.bp, "/portal/stock/lots", Audience("stock.see", signed_in=True)),
    (lots_desk.bp, "/desk/warehouse/lots", Audience("warehouse.see", signed_in=True)),
    (goods.bp, "/portal/goods", Audience("stock.see", signed_in=True)),
    (goods.desk_bp, "/desk/warehouse/goods", Audience("warehouse.see", signed_in=True)),
    (goods_api.bp, API, SIGNED_IN),
    (kits.bp, "/portal/goods", Audience("stock.see", signed_in=True)),
    (kits.desk_bp, "/desk/warehouse/kits", Audience("warehouse.see", signed_in=True)),
    (kits.floor_bp, "/desk/warehouse/floor/kit", Audience("warehouse.work", signed_in=True)),
    (stock.bp, "/portal/stock", Audience("stock.see", signed_in=True)),
    (stock_desk.bp, "/desk/warehouse/stock", Audience("warehouse.see", signed_in=True)),
    (stock.verify_bp, "/verify/stock", PUBLIC),
    (stock_api.bp, API, SIGNED_IN),
    (count_floor.bp, "/desk/warehouse/floor/count", Audience("warehouse.work", signed_in=True)),
    (counts_desk.bp, "/desk/warehouse/counts", Audience("warehouse.see", signed_in=True)),
    (inbound_api.bp, API, SIGNED_IN),
    (inbound.bp, "/portal/inbound", Audience("stock.see", signed_in=True)),
    (inbound_desk.bp, "/desk/warehouse/inbound", Audience("warehouse.see", signed_in=True)),
    (
        inbound_desk.receive_bp,
        "/desk/warehouse/floor/receive",
        Audience("warehouse.work", signed_in=True),
    ),
    (
        inbound_desk.put_bp,
        "/desk/warehouse/floor/put-away",
        Audience("warehouse.work", signed_in=True),
    ),
    (layout.bp, "/desk/warehouse/places", Audience("warehouse.see", signed_in=True)),
    (layout.calendar_bp, "/desk/warehouse/docks", Audience("warehouse.see", signed_in=True)),
    (moves_desk.bp, "/desk/warehouse/moves", Audience("warehouse.see", signed_in=True)),
    (
        moves_floor.bp,
        "/desk/warehouse/floor/move",
        Audience("warehouse.work", signed_in=True),
    ),
    (overview.bp, "/desk/warehouse", Audience("warehouse.see", signed_in=True)),
    (floor_screens.bp, "/desk/warehouse/floor", Audience("warehouse.work", signed_in=True)),
    (outbound.bp, "/portal/outbound", Audience("stock.see", signed_in=True)),
    (outbound_api.bp, API, SIGNED_IN),
    (outbound_desk.bp, "/desk/warehouse/outbound", Audience("warehouse.see", signed_in=True)),
    (
        outbound_desk.waves_bp,
        "/desk/warehouse/waves",
        Audience("warehouse.supervise", signed_in=True),
    ),
    (
        outbound_desk.types_bp,
        "/desk/warehouse/carton-types",
        Audience("warehouse.places", signed_in=True),
    ),
    (carriage.bp, "/portal/outbound", Audience("stock.see", signed_in=True)),
    (carriage.desk_bp, "/desk/warehouse/leaving", Audience("warehouse.see", signed_in=True)),
    (release_papers.own_bp, "/portal/outbound", Audience("stock.see", signed_in=True)),
    (release_papers.bp, "/desk/warehouse/leaving", Audience("warehouse.see", signed_in=True)),
    *outbound_floor.screens(Audience("warehouse.work", signed_in=True)),
)
#: Parts for people without a session: they refuse forms of other sites by themselves.
SESSIONLESS = frozenset({"apply", "notice_mail"})
#: Public parts whose pages follow something.
FOLLOWING = frozenset({"tracking"})
#: Parts that answer every wrong number in one way, whatever it holds.
ANSWERING_ALIKE = frozenset({"tracking", "tracking_api", "evidence"})
MOST_NUMBER = 2**63 - 1  # the largest that a database holds
AUDIENCES = {bp.name: audience for bp, _, audience in SITE_MAP}


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Mount every blueprint and put its guard in front of it."""
    for bp, prefix, _ in SITE_MAP:
        app.register_blueprint(bp, url_prefix=prefix)
        if prefix.startswith(API) or bp.name in SESSIONLESS:
            csrf.exempt(bp)
    seo.init_app(app)
    app.before_request(guard)
    app.jinja_env.globals["live_cursor"] = lambda: g.get("live_cursor", "")


def guard() -> Response | None:
    """Refuse the request unless the asker may enter its part and its page.

    People who are not signed in are shown the way in; programs are told so.
    """
    audience = AUDIENCES.get(request.blueprint or "")
    if audience is None:
        return None
    if request.blueprint not in ANSWERING_ALIKE and names_nothing():
        abort(404)
    refuse_forged()
    right = NEEDS.get(request.endpoint or "")
    if audience.admits(current_user) and (right is None or current_user.may(right)):
        note_cursor(audience)
        return None
    if current_user.is_authenticated and not current_user.rights and _may_be_led():
        return redirect(url_for("account.standing"))
    if current_user.is_authenticated:
        raise Forbidden(
            _l("You do not have the right to do this. Ask the owner of your company’s account.")
        )
    if request.path.startswith(API):
        raise SignInNeeded(_l("Send an API key as a Bearer token, or sign in."))
    if request.method != "GET":
        abort(401)
    return redirect(url_for("sign_in.login", next=request.full_path.rstrip("?")))


def names_nothing() -> bool:
    """Return whether an address holds what no database can: a zero byte, an endless number."""
    if "\0" in request.path:
        return True
    values = (request.view_args or {}).values()
    return any(isinstance(value, int) and value > MOST_NUMBER for value in values)


def _may_be_led() -> bool:
    """Return whether a person (not a program) wants to see a page."""
    is_page = request.method == "GET" and not request.path.startswith(API)
    return is_page and not current_user.is_program


def note_cursor(audience: Audience) -> None:
    """Note where the log stands before the page reads anything: it follows from there on."""
    if request.method != "GET" or request.path.startswith(API):
        return
    if audience.signed_in or request.blueprint in FOLLOWING:
        g.live_cursor = log.head().cursor()


def refuse_forged() -> None:
    """Refuse writes to the API that a browser sends for another site with our cookie."""
    if request.method in ("GET", "HEAD", "OPTIONS") or not request.path.startswith(API):
        return
    if not current_user.is_authenticated or current_user.is_program:
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        raise Forbidden(_l("This request came from another site."))
    if origin is None and request.headers.get("Sec-Fetch-Site") not in ("same-origin", None):
        raise Forbidden(_l("This request came from another site."))


__all__ = ["API", "AUDIENCES", "MEMBER", "NEEDS", "SIGNED_IN", "SITE_MAP", "STAFF", "Audience"]
