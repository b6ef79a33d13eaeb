"""The checkers that docs/evidence.md prints are those that packs enclose, and they work."""

import re
from pathlib import Path

import pytest

from portal.core import chain
from portal.documents.evidence import contents

PAGE = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text("utf-8")


@pytest.mark.parametrize(("language", "name"), [("sh", "check.sh"), ("python", "check.py")])
def test_the_printed_checkers_are_the_enclosed_ones(language, name):
    printed = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert printed == [(contents.ENCLOSED / contents.CHECKERS[name]).read_text("utf-8")]


def test_the_page_names_what_the_chain_is_made_of():
    assert f"`v` ({chain.VERSION})" in PAGE
    assert "`Quayside event log, version 1`" in PAGE


def test_every_file_of_a_pack_is_explained():
    for name in ("README.txt", contents.PAPER, contents.MANIFEST, "chain/chain.tsv", "sealed/"):
        assert f"`{name}`" in PAGE
