"""How points of the weekly boards read in a person’s account."""

from portal.club.games.rules import games
from portal.club.games.shown import scores
from portal.core import links
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _


def way(rest: str) -> tuple[str, str | None]:
    """Return what ``sort:2026-W45`` says, and the address of that week’s board."""
    name, _colon, week = rest.partition(":")
    try:
        label, of_week = games.get_game(name).label, scores.week_name(week)
    except NotFound:
        return rest, None
    text = _("%(game)s: %(week)s", game=label, week=of_week)
    return text, links.to("games.boards", game=name, week=week)
