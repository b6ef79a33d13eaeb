"""How pages and the desk's lists of them are shown: filters of templates, links, previews."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, current_app
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from portal.core import clock, markdown, tokens
from portal.core.errors import FieldError
from portal.core.i18n import lazy as _l
from portal.pages.queries import desk, figures_named
from portal.pages.rules.blocks import rows_of
from portal.pages.rules.content import Content, paths_in

PREVIEW = "page preview"
PREVIEW_FOR = timedelta(days=7)
#: First part of an address → the kind whose pages are read there.
_KINDS = {"news": "news", "notices": "notice", "services": "service", "pages": "page"}


def equip(blueprint: Blueprint) -> None:
    """Give all templates what blocks are drawn with."""
    blueprint.add_app_template_filter(_markdown, "markdown")
    blueprint.add_app_template_filter(rows_of, "table_rows")
    blueprint.add_app_template_filter(initial, "initial")
    blueprint.add_app_template_global(figures_named, "page_figures")


def _markdown(text: str | None, top: int = 3) -> Markup:
    """Return Markdown of the centre's own writers as HTML."""
    return markdown.render(text or "", ours=True, top=top)


def initial(name: str | None) -> str:
    """Return the letter that stands for somebody: the family name of Chinese names comes first."""
    return (name or "").strip()[:1].upper()


def preview_token(page_id: int) -> tuple[str, datetime]:
    """Return a link's part that shows a draft to people without a sign-in, and until when."""
    until = clock.now().replace(second=0, microsecond=0) + PREVIEW_FOR
    return tokens.signed([page_id, until.isoformat()], PREVIEW), until


def previewed(token: str) -> int | None:
    """Return the page that a preview link shows; None for a link that is over or not ours."""
    said = tokens.read_signed(token, PREVIEW)
    if said is None or datetime.fromisoformat(said[1]) <= clock.now():
        return None
    return int(said[0])


def dead_links(content: Content) -> list[FieldError]:
    """Return an error for each link within the portal that leads nowhere."""
    return [
        FieldError(name, _l("There is no page at %(path)s.", path=path))
        for name, path in paths_in(content)
        if not leads_somewhere(path)
    ]


def leads_somewhere(path: str) -> bool:
    """Return whether a page answers at ``path``; those that are written must be published."""
    try:
        _endpoint, values = current_app.url_map.bind("").match(path, method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    kind = _KINDS.get(path.split("/")[1])
    return kind is None or "slug" not in values or desk.is_written(kind, str(values["slug"]))


def with_known_pictures(content: Content) -> list[FieldError]:
    """Set the true sizes of the pictures that a form named; return errors for unknown ones."""
    named = list(_pictures(content))
    known = desk.known_pictures({picture["key"] for _name, picture in named})
    for _name, picture in named:
        picture.update(known.get(picture["key"], {}))
    return [
        FieldError(name, _l("That picture is not there any more. Choose it again."))
        for name, picture in named
        if picture["key"] not in known
    ]


def _pictures(content: Content) -> Iterable[tuple[str, dict[str, Any]]]:
    if content.picture:
        yield "picture", content.picture
    for block in content.blocks:
        for holder in (block, *block["items"]):
            if picture := holder["shared"].get("picture"):
                yield f"block-{block['id']}", picture
