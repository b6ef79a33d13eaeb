"""dev.py: stamps, the secret, the demo on an empty instance, and what the lock files hold."""

import ast
import json
import os
import re
import socket
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import dev
from toolchain import install, serve
from toolchain.steps import ROOT, Failed, Stamps, digest, environment


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty instance folder that ``dev.py run`` would use."""
    monkeypatch.setattr(serve, "INSTANCE", tmp_path)
    monkeypatch.setattr(serve, "DATABASE", tmp_path / "quayside.db")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    return tmp_path


@pytest.fixture
def commands(instance: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the portal's commands as they are given; a migration makes the database file."""
    given: list[str] = []

    def flask(env: dict[str, str], *words: str) -> None:
        given.append(" ".join(words))
        if words[0] == "db":
            (instance / "quayside.db").touch()

    monkeypatch.setattr(serve, "flask", flask)
    return given


def test_a_step_is_done_once(tmp_path: Path) -> None:
    done, times = Stamps(tmp_path / "stamps.json"), []
    for _ in range(2):
        done.step("build", "same", lambda: times.append(1))
    assert times == [1]


def test_a_step_is_done_again_when_its_source_or_what_it_made_is_another(tmp_path: Path) -> None:
    done, made = Stamps(tmp_path / "stamps.json"), tmp_path / "made"
    times: list[str] = []
    done.step("build", "first", lambda: times.append("first") or made.touch(), made)
    done.step("build", "second", lambda: times.append("second"), made)
    made.unlink()
    done.step("build", "second", lambda: times.append("gone"), made)
    assert times == ["first", "second", "gone"]


def test_a_failed_step_is_not_remembered(tmp_path: Path) -> None:
    done = Stamps(tmp_path / "stamps.json")
    with pytest.raises(ZeroDivisionError):
        done.step("build", "same", lambda: 1 // 0)
    assert done.read() == {}


def test_a_spoilt_stamp_file_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "stamps.json").write_text("{")
    assert Stamps(tmp_path / "stamps.json").read() == {}


def test_a_digest_tells_content_and_names_apart(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("x")
    second.write_text("x")
    assert len({digest([first]), digest([second]), digest([first], "word"), digest([])}) == 4


def test_what_is_started_keeps_its_compiled_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in environment()


def test_the_secret_is_made_once_and_for_its_owner_alone(instance: Path) -> None:
    made = serve.secret_key()
    assert len(made) > 40
    assert serve.secret_key() == made
    assert (instance / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_secret_of_the_environment_is_not_written_down(
    instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "given")
    assert serve.secret_key() == "given"
    assert list(instance.iterdir()) == []


def test_an_empty_instance_gets_the_demo_and_a_second_start_does_nothing(
    commands: list[str],
) -> None:
    assert serve.prepare_database({})
    assert serve.prepare_database({})
    assert commands == ["db upgrade", "demo load"]


def test_an_instance_that_was_begun_without_the_demo_never_gets_it(commands: list[str]) -> None:
    assert not serve.prepare_database({"DEMO": "0"})
    assert not serve.prepare_database({})
    assert commands == ["db upgrade"]


def test_a_database_that_somebody_else_made_is_left_without_the_demo(
    instance: Path, commands: list[str]
) -> None:
    (instance / "quayside.db").touch()
    assert not serve.prepare_database({})
    assert commands == ["db upgrade"]


def test_a_demo_that_was_cut_is_begun_anew(
    instance: Path, commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Stamps(instance / "stamps.json").write("demo", "begun")
    (instance / "quayside.db").write_text("half")
    assert serve.prepare_database({})
    assert commands == ["db upgrade", "demo load"]
    assert (instance / "quayside.db").read_text() == ""


def test_another_database_is_migrated_and_gets_the_demo_only_when_asked(
    commands: list[str],
) -> None:
    own = {"DATABASE_URL": "postgresql://host/base"}
    assert not serve.prepare_database(own)
    assert serve.prepare_database(own | {"DEMO": "1"})
    assert serve.prepare_database(own | {"DEMO": "1"})
    assert commands == ["db upgrade", "db upgrade", "demo load", "db upgrade"]


def test_a_port_in_use_is_said_before_anything_is_installed() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(Failed, match="Choose another one"):
            serve.refuse_busy("127.0.0.1", port)


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(Failed, match="PORT must be"):
        serve.refuse_busy("127.0.0.1", port)


def test_a_bad_setting_is_said_in_sentences() -> None:
    with pytest.raises(Failed, match=r"^TIMEZONE must be a zone name"):
        serve.refuse_bad_settings({"SECRET_KEY": "given", "TIMEZONE": "Mars"})


def test_more_words_go_to_pytest_but_not_to_run() -> None:
    assert dev.parsed(["test", "-k", "word", "--help"]).rest == ["-k", "word", "--help"]
    with pytest.raises(SystemExit):
        dev.parsed(["run", "--fast"])


def test_the_browser_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert install.find_chromium() == sys.executable
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert install.find_chromium() is None


def test_in_ci_the_fast_browser_is_asked_for_beside_the_whole_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("CI", "true")
    whole = {"chromium": "/usr/bin/chromium"}
    monkeypatch.setattr(install.shutil, "which", whole.get)
    monkeypatch.setattr(install, "apt_install", lambda *names: asked.append(names) or True)
    assert install.find_chromium() == "/usr/bin/chromium"
    assert asked == [(install.HEADLESS,)]


def test_in_ci_a_missing_browser_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "set_up", lambda _: None)
    monkeypatch.setattr(dev, "find_chromium", lambda: None)
    monkeypatch.setenv("CI", "true")
    assert dev.main(["test"]) == 1


def test_without_a_browser_all_other_tests_are_run(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(dev, "set_up", lambda _: None)
    monkeypatch.setattr(dev, "find_chromium", lambda: None)
    monkeypatch.setattr(dev, "started", lambda *words, **_: started.extend(words) or 0)
    monkeypatch.delenv("CI", raising=False)
    assert dev.main(["test"]) == 0
    assert started[-1] == "--ignore=tests/browser"


def imported(file: Path) -> set[str]:
    """Return the first names of all modules that ``file`` imports."""
    names: list[str] = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return {name.partition(".")[0] for name in names}


def test_set_up_needs_the_standard_library_alone() -> None:
    allowed = sys.stdlib_module_names | {"toolchain", "config"}
    for file in [ROOT / "dev.py", ROOT / "config.py", *(ROOT / "toolchain").glob("*.py")]:
        assert imported(file) <= allowed, file


def test_what_the_portal_imports_is_in_its_own_lock_file() -> None:
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.txt").read_text(), re.M))
    packages = packages_distributions()
    own = {"portal", "workers", "config", "wsgi"} | sys.stdlib_module_names
    for folder in ("portal", "workers"):
        for file in (ROOT / folder).rglob("*.py"):
            for name in imported(file) - own:
                known = {re.sub(r"[-_.]+", "-", package).lower() for package in packages[name]}
                assert known & locked, f"{file} imports {name}"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_locked_by_hash_and_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    packages = re.split(r"\n(?=[a-z])", text.strip())
    assert len(packages) > 40
    assert all("==" in package and "--hash=sha256:" in package for package in packages)
    assert not re.search(r"https?:|file:|index-url", text)


def test_every_front_end_package_is_locked_by_hash_and_names_no_host() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    locked = [package for name, package in packages.items() if name]
    assert locked
    assert all("integrity" in package and "resolved" not in package for package in locked)


def test_the_scanner_has_the_wasm_file_of_its_own_version() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    wanted = packages["node_modules/barcode-detector"]["dependencies"]["zxing-wasm"]
    assert packages["node_modules/zxing-wasm"]["version"] == wanted


def test_ci_fails_when_a_step_fails(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "run").write_bytes((ROOT / ".ci" / "run").read_bytes())
    (tmp_path / "dev.py").write_text("import sys; sys.exit(5 if sys.argv[1] == 'test' else 0)")
    done = subprocess.run(["bash", tmp_path / ".ci" / "run"], env=dict(os.environ))
    assert done.returncode == 5
