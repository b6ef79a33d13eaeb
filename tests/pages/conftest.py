"""Pages with one call, and the people who write and publish them."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from portal.accounts.access import User
from portal.accounts.roles import rights_of
from portal.core.db import transaction
from portal.core.i18n import TAGS
from portal.pages.models import Page
from portal.pages.queries import desk as queries
from portal.pages.rules import content as contents
from portal.pages.rules.content import Content
from portal.pages.service import lifecycle, writing
from tests.factories import make_person, serial


def writer_of(person: Any, role: str) -> User:
    """Return somebody of the staff as services know him."""
    return User(
        person_id=person.id,
        name=person.name,
        email=person.email,
        staff_role=role,
        rights=rights_of(None, role),
    )


def make_content(
    slug: str | None = None,
    *,
    languages: tuple[str, ...] = TAGS,
    text: str = "words",
    **settings: Any,
) -> Content:
    """Return a version with one text block in some languages."""
    block = {
        "id": "a1",
        "type": "text",
        "shared": {},
        "texts": {tag: {"body": f"{text} {tag}"} for tag in languages},
        "items": [],
    }
    texts = {tag: {"title": f"Title {tag}", "summary": f"Summary {tag}"} for tag in languages}
    empty: dict[str, dict[str, str]] = {tag: {} for tag in TAGS}
    slug = slug or f"page-{next(serial)}"
    return Content(empty | texts, [block], contents.settings(slug=slug, **settings))


@pytest.fixture
def staff(app):
    """Return a writer and an editor: as people, and as services know them."""
    marketing, manager = make_person(staff_role="marketing"), make_person(staff_role="manager")
    return SimpleNamespace(
        marketing=marketing,
        manager=manager,
        writer=writer_of(marketing, "marketing"),
        editor=writer_of(manager, "manager"),
    )


@pytest.fixture
def draft(staff):
    """``draft(kind, content…)`` keeps a page that the writer wrote."""

    def make(kind: str = "page", content: Content | None = None, **values: Any) -> Page:
        with transaction():
            made = content or make_content(**values)
            return writing.create(kind, made, by=staff.writer)

    return make


@pytest.fixture
def shown(draft, staff):
    """``shown(kind, …)`` keeps a page and publishes it by the usual way."""

    def make(kind: str = "page", content: Content | None = None, **values: Any) -> Page:
        page = draft(kind, content, **values)
        publish(page.id, staff)
        return queries.page_by_id(page.id)

    return make


@pytest.fixture
def moved(staff):
    """``moved(page, verb, …)`` brings a page one step on."""

    def move(page: Page, verb: str, *more: Any, by: User | None = None) -> Page:
        return step(page.id, verb, by or staff.editor, *more)

    return move


def step(page_id: int, verb: str, by: User, *more: Any) -> Page:
    """Bring a page one step on in a transaction of its own."""
    with transaction():
        page = queries.page_by_id(page_id, lock=True)
        given = {"dead": []} if verb == "submit" else {}
        getattr(lifecycle, verb)(page, queries.version_of(page), *more, by=by, **given)
        return page


def rewrite(page_id: int, content: Content, by: User, base: int | None = None) -> Page:
    """Save a newer version of a page."""
    with transaction():
        page = queries.page_by_id(page_id, lock=True)
        newest = queries.version_of(page)
        writing.write(page, content, base=base or newest.number, writer_id=newest.made_by_id, by=by)
        return page


def publish(page_id: int, staff: SimpleNamespace) -> Page:
    """Send a page to review and publish it."""
    step(page_id, "submit", staff.writer)
    return step(page_id, "publish", staff.editor)


def picture(width: int = 1500, height: int = 1000, colour: str = "navy") -> bytes:
    """Return a PNG."""
    output = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(output, "PNG")
    return output.getvalue()


@pytest.fixture
def marketing(as_user, staff):
    return as_user(staff.marketing)


@pytest.fixture
def manager(as_user, staff):
    return as_user(staff.manager)
