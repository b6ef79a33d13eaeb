"""The search of the club: words, and what narrows them, all in the address."""

from datetime import MINYEAR, date
from typing import Any

from flask import render_template, request

from portal.accounts.access import User
from portal.core import limits
from portal.forum.queries import blocks, search, spaces
from portal.forum.queries.search import Asked
from portal.forum.rules import posts as rules
from portal.forum.rules import snippets
from portal.forum.views.blueprint import bp, entered

WORDS_MOST = 200  # characters


@bp.get("/search")
def search_page() -> str:
    """Show the posts that fit, with the words marked."""
    user, _profile = entered()
    asked = _asked()
    return render_template("forum/search.html", asked=asked, **_found(user, asked))


def _asked() -> Asked:
    given = request.args
    return Asked(
        text=given.get("q", "").strip()[:WORDS_MOST],
        space=given.get("space", ""),
        by=given.get("by", "").strip().lstrip("@")[:40],
        tag=given.get("tag", "").strip().lower()[: rules.TAG_MAX],
        since=_day(given.get("since", "")),
        titles=given.get("titles") == "1",
        sort=given["sort"] if given.get("sort") in search.SORTS else search.SORTS[0],
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year > MINYEAR else None  # its midnight may be no instant at all


def _found(user: User, asked: Asked) -> dict[str, Any]:
    limits.spend("preview", user.person_id)
    page = search.posts_like(user, asked, after=request.args.get("after"))
    found = [(row, _cut(row.text, asked), _cut(row.title, asked)) for row in page.items]
    apart = blocks.blocked_by(user)
    return {"page": page, "found": found, "spaces": spaces.spaces_for(user), "blocked": apart}


def _cut(text: str, asked: Asked) -> list[snippets.Piece]:
    return snippets.snippet(snippets.plain(text), asked.words)
