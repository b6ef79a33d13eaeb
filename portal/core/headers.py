"""Security headers: nothing is loaded from another host, no inline script, no framing."""

import secrets

from flask import Flask, Response, g, request

from portal.core import maps

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'{wasm}; style-src 'self'; "
    "img-src 'self' data: blob:{pictures}; font-src 'self'; media-src 'self'; connect-src 'self'; "
    "frame-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
#: For what is no page: should a browser show it all the same, nothing in it runs.
NOTHING = "default-src 'none'; frame-ancestors 'none'; sandbox"
#: For PDFs: browsers show none in a sandbox.
PAPER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
#: Endpoint → the policy that shuts in what it sends: no page of ours, but a stranger's.
SHUT_IN: dict[str, str] = {}
#: Endpoints whose page decodes barcodes in the browser with WebAssembly.
SCANNING = frozenset({"board.index"})
#: Every screen below it does.
FLOOR = "/desk/warehouse/floor"


def init_app(app: Flask) -> None:
    """Put the headers on every answer of ``app``."""
    app.after_request(_secure)
    app.jinja_env.globals["csp_nonce"] = nonce


def nonce() -> str:
    """Return this answer's script nonce."""
    if "csp_nonce" not in g:
        g.csp_nonce = new_nonce()
    return str(g.csp_nonce)


def new_nonce() -> str:
    """Return a nonce that nobody was given before."""
    return secrets.token_urlsafe(16)


def nonce_of(policy: str) -> str | None:
    """Return the nonce that a policy of ours names; None: it names none."""
    return policy.partition("'nonce-")[2].partition("'")[0] or None


def _secure(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint in SHUT_IN and response.status_code < 400:
        headers["Content-Security-Policy"] = SHUT_IN[request.endpoint]
    elif response.mimetype == "text/html":
        wasm = " 'wasm-unsafe-eval'" if _scans() else ""
        pictures = maps.sources(request.endpoint)
        policy = POLICY.format(nonce=nonce(), wasm=wasm, pictures=pictures)
        headers["Content-Security-Policy"] = policy
        headers.setdefault("Cache-Control", "no-store" if _private() else "no-cache")
    elif request.endpoint != "static":
        is_paper = response.mimetype == "application/pdf"
        headers["Content-Security-Policy"] = PAPER if is_paper else NOTHING
        headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _scans() -> bool:
    return request.endpoint in SCANNING or request.path.startswith(FLOOR)


def _private() -> bool:
    return g.get("_login_user") is not None
