"""What is kept in memory of campaigns belongs to one test's database."""

import pytest

from portal.promotion import seeing
from portal.promotion.queries import roster


@pytest.fixture(autouse=True)
def _nothing_kept(request):
    if "app" not in request.fixturenames:
        yield
        return
    app = request.getfixturevalue("app")
    _forget(app)
    yield
    _forget(app)


def _forget(app) -> None:
    seeing.SENT.take()
    with app.app_context():
        roster.forget()
