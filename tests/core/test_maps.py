"""Tiles by setting: only their host, and only on pages with a map."""

import pytest

from config import BadSetting, Config
from portal import create_app
from portal.core import maps
from tests.conftest import settings

TILES = "https://{s}.tiles.example/{z}/{x}/{y}.png"


def policies(tmp_path, url):
    """Return the pictures' part of the policy of the home page and of the sign-in page."""
    app = create_app(settings(tmp_path, f"sqlite:///{tmp_path / 'x.db'}", MAP_TILES_URL=url))
    found = []
    for endpoint, path in (("pages.home", "/"), ("sign_in.login", "/login")):
        with app.test_request_context(path):
            found.append(maps.sources(endpoint))
    return found


def test_pages_with_a_map_admit_the_host_of_the_tiles_alone(tmp_path):
    assert policies(tmp_path, TILES) == [" https://*.tiles.example", ""]
    assert policies(tmp_path, None) == ["", ""]


def test_the_policy_of_a_page_with_a_map_names_the_host(tmp_path):
    app = create_app(settings(tmp_path, f"sqlite:///{tmp_path / 'x.db'}", MAP_TILES_URL=TILES))
    policy = app.test_client().get("/login").headers["Content-Security-Policy"]
    assert "tiles.example" not in policy
    assert "pages.home" in maps.MAPPED


def test_every_page_named_for_maps_is_served(app):
    assert set(app.view_functions) >= maps.MAPPED


@pytest.mark.parametrize(
    "url",
    [
        "https://tiles.example/",
        "ftp://tiles.example/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "https://tiles.example; script-src *//{z}/{x}/{y}.png",
    ],
)
def test_what_is_no_address_of_tiles_stops_the_start(url, tmp_path):
    with pytest.raises(BadSetting, match="MAP_TILES_URL"):
        Config.from_env({"SECRET_KEY": "s", "INSTANCE": str(tmp_path), "MAP_TILES_URL": url})
