"""People whom several tests of this folder need."""

import pytest

from tests.factories import make_person


@pytest.fixture
def manager(as_user):
    return as_user(make_person(staff_role="manager"))


@pytest.fixture
def sales(app):
    return make_person(staff_role="sales")
