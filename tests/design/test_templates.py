"""What every template keeps to, so that the strict content security policy holds."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPRITE = (ROOT / "portal" / "static" / "img" / "sprite.svg").read_text("utf-8")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"<[^>]*\sstyle\s*=", text)
    assert "<style" not in text
    assert not re.search(r"<[^>]*\son\w+\s*=", text)
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or re.search(r'type="application/(ld\+)?json"', tag), tag


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_names_only_icons_that_exist(path: Path) -> None:
    for name in re.findall(r"\bicon\(\"([\w-]+)\"\)", path.read_text("utf-8")):
        assert f'id="i-{name}"' in SPRITE, name
