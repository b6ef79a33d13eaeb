"""The colours are said twice for the dark theme; both copies must say the same."""

import re
from pathlib import Path

CSS = Path(__file__).parents[2] / "portal" / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text("utf-8")


def test_the_two_copies_of_the_dark_roles_are_equal() -> None:
    chosen = _roles(TOKENS.split('.deep, [data-theme="dark"] {')[1])
    followed = _roles(TOKENS.split('[data-theme="auto"] {')[1])
    assert chosen == followed


def test_every_dark_role_exists_in_light() -> None:
    light = _roles(TOKENS.split(":root {")[1])
    assert set(_roles(TOKENS.split('.deep, [data-theme="dark"] {')[1])) <= set(light)


def test_every_role_a_component_uses_is_defined() -> None:
    used, defined = set(), set()
    for sheet in CSS.glob("*.css"):
        text = sheet.read_text("utf-8")
        used |= set(re.findall(r"var\((--[\w-]+)\)", text))
        defined |= set(re.findall(r"(--[\w-]+)\s*:", text))
    assert used <= defined


def test_no_sheet_loads_from_another_host() -> None:
    for sheet in CSS.glob("*.css"):
        text = sheet.read_text("utf-8").replace('@import url("../vendor/', "")
        assert not re.search(r"https?://|@import|url\(\s*[\"']?//", text), sheet


def _roles(after: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+|color-scheme):\s*([^;]+);", after.split("}")[0]))
