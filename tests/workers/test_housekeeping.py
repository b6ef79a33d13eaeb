"""Housekeeping: what ended long ago is forgotten, what may still matter is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from portal.accounts import service
from portal.accounts.models import ApiKey, SignIn
from portal.consignments.fulltext import INDEX
from portal.core import clock, fulltext, scope
from portal.core.db import db, is_sqlite, transaction
from tests.factories import make_colleague, make_company
from workers import housekeeping

pytestmark = pytest.mark.both_databases


def labels() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(ApiKey.label).execution_options(**scope.CENTRE)))


@pytest.fixture
def email(app) -> str:
    return make_colleague(make_company()).email


def key(email: str, label: str, **ended_days_ago: int) -> None:
    """Make a key whose named columns lie so many days back."""
    with transaction():
        service.create_key_for_email(email, None, label=label, scopes=())
        values = {name: clock.now() - timedelta(days=d) for name, d in ended_days_ago.items()}
        if values:
            changed = update(ApiKey).where(ApiKey.label == label).values(**values)
            db.session.execute(changed.execution_options(**scope.CENTRE))


def test_keys_that_ended_long_ago_are_forgotten(email):
    key(email, "living")
    key(email, "just revoked", revoked_at=89)
    key(email, "revoked long ago", revoked_at=91)
    key(email, "expired long ago", expires_at=91)
    assert housekeeping.run_once() == 2
    assert labels() == {"living", "just revoked"}


def test_a_living_sign_in_is_kept_and_an_old_one_forgotten(app, browser, email):
    browser.sign_in(email)
    assert housekeeping.run_once() == 0
    with transaction():
        db.session.execute(update(SignIn).values(ended_at=clock.now() - timedelta(days=91)))
    assert housekeeping.run_once() == 1


def segments() -> int:
    counted = db.session.scalar(text("SELECT count(DISTINCT segid) FROM consignment_words_idx"))
    db.session.rollback()
    return int(counted)


def test_search_indexes_are_brought_together(app):
    for i in range(5):
        with transaction():
            INDEX.add([(i, 1, f"word{i} all")], on=db.session.connection())
    if is_sqlite(db.engine):
        assert segments() > 1
    housekeeping.run_once()
    if is_sqlite(db.engine):
        assert segments() == 1
    with transaction():
        assert not fulltext.tidy(db.session.connection()), "There is nothing left to do."
