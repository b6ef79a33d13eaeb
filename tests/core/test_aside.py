"""Computing aside: the same answer and the same errors, whoever runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from portal.core.aside import aside

ROOT = Path(__file__).parents[2]
UNDER_GREENLETS = """
from gevent import monkey
monkey.patch_all()
from portal.core.aside import aside
assert aside(divmod, 7, 2) == (3, 1)
try:
    aside(int, "seven")
except ValueError as error:
    print("refused:", error)
"""


def test_what_is_computed_aside_is_returned():
    assert aside(divmod, 7, 2) == (3, 1)


def test_what_fails_aside_fails_here():
    with pytest.raises(ValueError, match="seven"):
        aside(int, "seven")


def test_under_greenlets_an_expected_failure_is_raised_and_not_printed():
    ran = subprocess.run(
        [sys.executable, "-c", UNDER_GREENLETS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "refused: invalid literal" in ran.stdout
    assert ran.stderr == ""
