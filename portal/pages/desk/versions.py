"""What a page said before: the list, what changed, and an old version made the newest."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core.db import transaction
from portal.core.i18n import gettext as _
from portal.pages.desk.blueprint import bp, user
from portal.pages.models import Page
from portal.pages.queries import desk as queries
from portal.pages.rules import content as contents
from portal.pages.rules import differences
from portal.pages.rules.kinds import KINDS, LANGUAGE_NAMES
from portal.pages.service import writing


@bp.get("/<int:page_id>/versions")
def versions(page_id: int) -> str:
    """Show every version of a page, the newest first."""
    page = queries.page_for(user(), page_id)
    return render_template(
        "pages/desk/versions.html",
        page=page,
        kinds=KINDS,
        versions=queries.versions_of(page),
        title_of=queries.title_of,
        newest=queries.version_of(page),
    )


@bp.get("/<int:page_id>/versions/<int:number>")
def version(page_id: int, number: int) -> str:
    """Show what changed between two versions; ``?with=`` names the older, else the one before."""
    page = queries.page_for(user(), page_id)
    new = queries.version_of(page, number)
    asked = request.args.get("with", "")
    old_number = (
        int(asked)
        if asked.isascii() and asked.isdigit() and len(asked) < 10
        else max(number - 1, 1)
    )
    old = queries.version_of(page, old_number)
    return render_template(
        "pages/desk/version.html",
        page=page,
        new=new,
        old=old,
        changes=differences.between(contents.of(old), contents.of(new)),
        language_names=LANGUAGE_NAMES,
        writer=queries.name_of(new.made_by_id),
        compared=_compared(page, number),
        title_of=queries.title_of,
    )


def _compared(page: Page, number: int) -> list[tuple[int, str]]:
    """Return the versions that one can be compared with, as a choice shows them."""
    others = (row.number for row in queries.versions_of(page) if row.number != number)
    return [(other, _("Version %(number)s", number=other)) for other in others]


@bp.post("/<int:page_id>/versions/<int:number>/restore")
def restore(page_id: int, number: int) -> Response:
    """Make what an old version says the newest version, as a draft."""
    with transaction():
        page = queries.page_for(user(), page_id, lock=True)
        newest, old = queries.version_of(page), queries.version_of(page, number)
        writing.write(
            page,
            contents.of(old),
            base=newest.number,
            writer_id=newest.made_by_id,
            by=user(),
            note=_("Version %(number)s again", number=number),
        )
    flash(_("Version %(number)s is the newest draft again.", number=number), "good")
    return redirect(url_for(".edit", page_id=page_id), 303)
