"""Articles of the public pages, by topic."""

from collections.abc import Iterable

from sqlalchemy import select

from portal.core.db import db
from portal.learning.models import ArticleTopic
from portal.learning.rules.topics import topic_of
from portal.pages.queries import Head, published_list, search_pages

MOST = 100


def articles(locale: str) -> list[tuple[str, Head]]:
    """Return the published articles as (topic, head), the newest first."""
    return sorted_in(published_list("article", locale, limit=MOST).items)


def search(words: str, locale: str) -> list[tuple[str, Head]]:
    """Return the articles that hold all ``words``, as (topic, head)."""
    return sorted_in(head for head in search_pages(words, locale) if head.kind == "article")


def sorted_in(heads: Iterable[Head]) -> list[tuple[str, Head]]:
    """Return pages with the topic of each."""
    found = list(heads)
    chosen = _chosen()
    return [(topic_of(head.slug, chosen.get(head.page_id)), head) for head in found]


def _chosen() -> dict[int, str]:
    table = ArticleTopic.__table__
    return {row.page_id: row.topic for row in db.session.execute(select(table))}
