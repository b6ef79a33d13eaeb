"""What the web process does not load: commands, migrations and geocoders come when they are used."""

import importlib
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.cli import FlaskGroup, ScriptInfo

import portal
from portal import cli
from portal.core import jobs, later

ROOT = Path(__file__).parents[2]
HEAVY = (
    "alembic",
    "flask_migrate",
    "mako",
    "geopy",
    "portal.demo",
    "openpyxl",
    "reportlab.graphics",
)
LOADED = """
import json, sys
import wsgi, workers.embedded
from portal.core import jobs
print(json.dumps([sorted(sys.modules), sorted(jobs._handlers)]))
"""


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    """Return the modules and the kinds of jobs that a web process of its own has loaded."""
    folder = tmp_path_factory.mktemp("web")
    environment = {
        "PATH": "/usr/bin:/bin",
        "SECRET_KEY": "x",
        "DATABASE_URL": f"sqlite:///{folder / 'q.db'}",
        "FILES_URL": f"file:{folder / 'files'}",
    }
    run = [sys.executable, "-c", LOADED]
    told = subprocess.run(
        run, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(told.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", HEAVY)
def test_the_web_process_does_not_load(web, name):
    assert [each for each in web[0] if each == name or each.startswith(f"{name}.")] == []


def test_every_kind_of_job_is_known_to_the_web_process(web, app):
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        importlib.import_module(module.name)
    assert web[1] == sorted(jobs._handlers)


def test_a_function_is_loaded_when_it_is_called():
    missing = later.function("portal.nowhere:nothing")
    with pytest.raises(ModuleNotFoundError):
        missing()
    assert later.function("json:loads")("[1]") == [1]


@pytest.fixture
def command_line(app):
    """Return what the command ``flask`` prints for arguments."""
    group, runner = FlaskGroup(create_app=lambda: app), CliRunner()

    def run(*arguments):
        info = ScriptInfo(create_app=lambda: app)
        return runner.invoke(group, arguments, obj=info, catch_exceptions=False).output

    return run


def test_the_command_line_offers_every_command(command_line):
    offered = command_line("--help")
    assert [name for name in (*cli.COMMANDS, "papers") if f"\n  {name}" not in offered] == []


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_explains_itself(command_line, name):
    assert f" {name} [OPTIONS]" in command_line(name, "--help")


def test_commands_of_one_group_that_stand_in_two_modules_are_all_there(command_line):
    told = command_line("places", "--help")
    assert "load" in told
    assert "locate" in told
