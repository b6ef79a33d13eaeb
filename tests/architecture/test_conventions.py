"""The rules of the house that a machine can check."""

import ast
import re
from functools import cache
from pathlib import Path

from portal.core.events import Event
from portal.live.announced import ANNOUNCED, SILENT
from portal.site_map import AUDIENCES, NEEDS

ROOT = Path(__file__).parents[2]
SOURCES = [p for d in ("portal", "workers", "toolchain") for p in sorted((ROOT / d).rglob("*.py"))]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "portal" / "static" / "js").glob("*.mjs"))
LONGEST_FILE, LONGEST_FUNCTION = 400, 50


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def of_each(paths):
    """Make a rule about one file a test of all of them, which names those that break it."""

    def of_all(rule):
        def test():
            broken = {}
            for path in paths:
                try:
                    rule(path)
                except AssertionError as fault:
                    broken[name_of(path)] = str(fault).splitlines()[0]
            assert broken == {}

        test.__doc__ = rule.__doc__
        return test

    return of_all


@cache
def parsed(path):
    return ast.parse(path.read_text())


def functions(path):
    tree = parsed(path)
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


@of_each(SOURCES)
def test_files_and_functions_stay_small(path):
    assert len(path.read_text().splitlines()) <= LONGEST_FILE
    assert not [f.name for f in functions(path) if f.end_lineno - f.lineno >= LONGEST_FUNCTION]


@of_each(SOURCES)
def test_modules_say_what_they_are_for(path):
    assert ast.get_docstring(parsed(path))


@of_each(SOURCES)
def test_public_functions_say_what_they_do(path):
    assert [f.name for f in public_functions(path) if ast.get_docstring(f) is None] == []


def public_functions(path):
    """Return functions of the module and methods of its public classes, by their names public."""
    tree = parsed(path)
    classes = [n for n in tree.body if isinstance(n, ast.ClassDef) and not n.name.startswith("_")]
    bodies = [tree.body, *(c.body for c in classes)]
    found = [n for body in bodies for n in body if isinstance(n, ast.FunctionDef)]
    return [f for f in found if not f.name.startswith("_")]


@of_each(SOURCES)
def test_at_most_four_positional_parameters(path):
    wide = [f.name for f in public_functions(path) if _positional(f) > 4]
    assert wide == []


def _positional(function) -> int:
    names = [a.arg for a in function.args.posonlyargs + function.args.args]
    return len([name for name in names if name not in ("self", "cls")]) - len(
        function.args.defaults
    )


@of_each(SOURCES)
def test_what_begins_with_an_underscore_stays_in_its_module(path):
    tree = parsed(path)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [alias for node in imports if _is_ours(node.module) for alias in node.names]
    taken = [alias.name for alias in ours if alias.name.startswith("_")]
    modules = {
        alias.asname or alias.name for alias in ours if (alias.asname or alias.name).islower()
    }
    taken += [
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.value.id in modules and node.attr.startswith("_")
    ]
    assert taken == []


def _is_ours(module: str | None) -> bool:
    return (module or "").split(".")[0] in ("portal", "workers", "toolchain")


def test_nothing_is_imported_inside_a_function():
    inside = [
        f"{name_of(path)}:{function.name}"
        for path in SOURCES
        for function in functions(path)
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    ]
    assert inside == []


def test_no_room_for_everything():
    rooms = {part for path in SOURCES for part in path.with_suffix("").parts}
    assert rooms.isdisjoint({"utils", "helpers", "manager", "common", "misc"})


def test_only_the_transaction_commits_changes():
    """Others may only end a read: ``db.session.commit()`` right where nothing was written."""
    changes = [name_of(p) for p in SOURCES if "connection.commit(" in p.read_text()]
    assert changes == []


@of_each([p for p in SOURCES if {"service", "rules"} & set(p.with_suffix("").parts)])
def test_use_cases_know_nothing_of_the_web(path):
    imported = {
        (node.module or "").split(".")[0]
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom)
    }
    assert imported.isdisjoint({"flask", "flask_socketio", "wtforms", "flask_login"})


def test_every_route_has_an_audience(app):
    for rule in app.url_map.iter_rules():
        assert rule.endpoint == "static" or rule.endpoint.split(".")[0] in AUDIENCES


def test_every_need_names_a_route_and_a_right(app):
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert set(NEEDS) <= known


def all_events(base=Event):
    for event in base.__subclasses__():
        yield event
        yield from all_events(event)


def test_every_event_is_announced_or_silent(app):
    ours = [event for event in all_events() if event.__module__.startswith("portal.")]
    names = {event.name for event in ours if hasattr(event, "name")}
    assert names == set(ANNOUNCED) | SILENT
    assert not set(ANNOUNCED) & SILENT


@of_each(TEMPLATES)
def test_pages_load_nothing_from_another_host(path):
    loaded = re.findall(
        r'<(?:script|link|img|iframe|source|video|audio)[^>]*(?:src|href)="(https?:)?//',
        path.read_text(),
    )
    assert loaded == []


@of_each(TEMPLATES)
def test_pages_have_no_inline_style_or_script(path):
    text = path.read_text()
    assert re.search(r"\sstyle=", text) is None
    assert re.search(r"\son(click|change|submit|load|input)=", text) is None
    assert re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/(ld\+)?json)", text) is None


@of_each(TEMPLATES)
def test_what_strangers_ask_for_never_names_an_address(path):
    """Some names mean something else to ``url_for`` (``_external``, ``_method``)."""
    assert re.search(r"\*\*\s*request\.args", path.read_text()) is None


@of_each(SCRIPTS)
def test_scripts_import_nothing_from_another_host(path):
    assert re.search(r"""(from|import\()\s*["']https?:""", path.read_text()) is None


def test_stylesheets_load_nothing_from_another_host():
    for path in (ROOT / "portal" / "static" / "css").glob("*.css"):
        assert re.search(r"url\(\s*['\"]?(https?:)?//", path.read_text()) is None


def test_queries_authorise_by_user():
    """``x_for`` takes the asker first: the only door from a request to a row."""
    for path in SOURCES:
        if "queries" not in path.with_suffix("").parts:
            continue
        for function in functions(path):
            if function.name.endswith("_for") and function.name != "grant_for":
                assert function.args.args[0].arg == "user", f"{name_of(path)}:{function.name}"
