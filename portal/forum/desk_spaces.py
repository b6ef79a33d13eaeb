"""The spaces of the club at the desk: their names, who reads and writes in them, their order."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from portal.accounts.roles import ROLE_NAMES
from portal.core.db import db, end_reading, write
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.forum.forms_spaces import LANGUAGES, ROLES, NewSpaceForm, SpaceForm
from portal.forum.models import ForumSpace
from portal.forum.rules import spaces as rules
from portal.forum.rules import trust
from portal.forum.service import spaces as service
from portal.forum.views.blueprint import reader

bp = Blueprint("spaces_desk", __name__)
_S = ForumSpace.__table__
Page = str | tuple[str, int] | Answer


@bp.get("")
def index() -> str:
    """List the spaces, those that were archived too."""
    rows = db.session.execute(select(_S).order_by(_S.c.position, _S.c.id)).all()
    return render_template(
        "forum/desk/spaces.html",
        spaces=rows,
        kinds=rules.KINDS,
        levels=trust.LEVELS,
        role_names=ROLE_NAMES,
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> Page:
    """Make a space."""
    form = NewSpaceForm(_sent(), **_as_open())
    if request.method == "POST" and form.validate():
        user, slug = reader(), form.slug.data
        try:
            end_reading()
            write(lambda on: service.add(slug, _values(form), user, on=on))
        except PortalError as refusal:
            form.slug.errors = [str(refusal)]
        else:
            flash(_("The space is there. Members see it at once."), "good")
            return redirect(url_for(".index"), 303)
    page = render_template("forum/desk/space.html", space=None, form=form)
    return (page, 422) if form.errors else page


def _sent() -> Any:
    """Return what was sent; None where nothing was: boxes without a tick are not sent at all."""
    return request.form if request.method == "POST" else None


def _as_open() -> dict[str, Any]:
    return {"readers": ["*"], "starters": ["*"], "repliers": ["*"]}


@bp.route("/<slug>", methods=["GET", "POST"])
def edit(slug: str) -> Page:
    """Change a space."""
    row = _space(slug)
    form = SpaceForm(_sent(), **_said(row))
    if request.method == "POST" and form.validate():
        user, seen = reader(), form.seen.data or ""
        try:
            end_reading()
            write(lambda on: service.change(row, _values(form), user, seen=seen, on=on))
        except PortalError as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(_("Saved. It counts from now on."), "good")
            return redirect(url_for(".index"), 303)
    page = render_template("forum/desk/space.html", space=row, form=form)
    return (page, 422) if form.errors else page


@bp.post("/<slug>/act")
def act(slug: str) -> Answer:
    """Put a space up or down, take it away, or bring it back."""
    row, user, kind = _space(slug), reader(), request.form.get("act", "")
    end_reading()
    if kind in ("up", "down"):
        write(lambda on: service.step(row, -1 if kind == "up" else 1, user, on=on))
    elif kind in ("archive", "restore"):
        write(lambda on: service.archive(row, kind == "archive", user, on=on))
        told = _("The space and its topics are not shown any more. Nothing is lost.")
        flash(told if kind == "archive" else _("The space is shown again."), "good")
    return redirect(url_for(".index"), 303)


def _space(slug: str) -> Any:
    found = db.session.execute(select(_S).where(_S.c.slug == slug)).first()
    if found is None:
        raise NotFound(_("There is no such space in the club."))
    return found


def _said(row: Any) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in ("kind", "least_trust", *ROLES)}
    for tag, end in LANGUAGES.items():
        said |= {f"name_{end}": row.names.get(tag), f"about_{end}": row.abouts.get(tag)}
    return said | {"seen": rules.mark(row)}


def _values(form: SpaceForm | NewSpaceForm) -> dict[str, Any]:
    data = form.data
    values = {name: data[name] for name in ("kind", "least_trust")}
    for name in ROLES:
        values[name] = ["*"] if "*" in data[name] else data[name]
    values["names"] = {tag: data[f"name_{end}"] for tag, end in LANGUAGES.items()}
    values["abouts"] = {tag: data[f"about_{end}"] for tag, end in LANGUAGES.items()}
    return values
