"""A shipper's program, a stranger's, a viewer's and a dispatcher's."""

import pytest

from tests.factories import make_colleague, make_company, make_dispatcher, make_key


@pytest.fixture
def company(app):
    return make_company(name="华东家居")


@pytest.fixture
def shipper(company, with_key):
    return with_key(make_key(make_colleague(company, "operations"), company))


@pytest.fixture
def viewer(company, with_key):
    return with_key(make_key(make_colleague(company, "viewer"), company))


@pytest.fixture
def stranger(app, with_key):
    company = make_company()
    return with_key(make_key(make_colleague(company), company))


@pytest.fixture
def dispatcher(app, with_key):
    return with_key(make_key(make_dispatcher()))
