"""Writing the starting content into a centre: what is there already stays as it is."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.pages.models import Page, PageVersion
from portal.pages.service import lifecycle, writing
from portal.pages.starter.reading import Written, all_written


def load(now: datetime, *, with_examples: bool) -> int:
    """Publish the starting content within the caller's transaction; return how many pages.

    A page whose address is taken is left alone. Invented people and years are published
    ``with_examples`` only; otherwise they wait as drafts to be rewritten.
    """
    known = {
        (kind, slug): id_
        for kind, slug, id_ in db.session.execute(select(Page.kind, Page.slug, Page.id))
    }
    made = 0
    for written in all_written():
        if (written.kind, written.slug) in known:
            continue
        page = _make(written, known, now)
        known[written.kind, written.slug] = page.id
        if with_examples or not written.is_example:
            _publish(page, now - timedelta(days=written.shown_days_ago))
        made += 1
    return made


def _make(written: Written, known: dict[Any, int], now: datetime) -> Page:
    said = written.content.settings | {
        "parent_id": known[written.kind, written.parent] if written.parent else None
    }
    if written.valid_days:
        first, last = (_midnight(now, days) for days in written.valid_days)
        said |= {"valid_from": first.isoformat(), "valid_until": last.isoformat()}
    return writing.create(written.kind, replace(written.content, settings=said), by=None)


def _midnight(now: datetime, days: int) -> datetime:
    """Return the beginning of a day at the centre, so many days from ``now``."""
    local = now.astimezone(clock.zone()) + timedelta(days=days)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _publish(page: Page, at: datetime) -> None:
    page.state = "in_review"
    newest = db.session.scalars(select(PageVersion).where(PageVersion.page_id == page.id)).one()
    lifecycle.publish(page, newest, by=None)
    page.shown_at = newest.published_at = newest.made_at = page.changed_at = at
