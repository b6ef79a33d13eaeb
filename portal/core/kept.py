"""Answers, and parts of a page's frame, that are the same for everybody who is not signed in.

``Answers`` stands before Flask. Where a visitor asks for one thing in public, it looks at the
thing itself, in the database and each time, and gives the answer that was made from exactly that.
So nothing is shown that has changed since, whoever changed it, in whichever process. An answer is
kept for KEPT_S at most, since pages name the time; each gets a nonce of its own for its scripts.

Nobody is given what was made for somebody else: who brings a key, parameters, or any cookie but
those of language and looks is answered by the page itself, and what sets a cookie is not kept.
Limits are counted and lines are logged as for every other request. Since nothing in such an answer
is a secret, a large one may also be packed (``is_packed``; see portal.core.packed).
"""

import gzip
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, session
from flask.sansio.app import App
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from werkzeug.http import parse_accept_header, parse_cookie

from portal.core import headers, i18n, limits, logs
from portal.core.errors import TooMany

KEPT_S = 60.0
MOST_BYTES = 8_000_000
PACKED_BY = 5  # gzip: beyond it, little is gained
OVERHEAD = 3000  # bytes: headers, what was compared, Python's objects
#: Cookies that say how a visitor likes to read, and nothing of who he is.
CHOICES = frozenset({i18n.COOKIE, "theme", "density"})
#: Parts of the frame that are the same for everybody with the same rights.
OF_RIGHTS = frozenset({"layouts/_brand.html", "layouts/_foot.html", "layouts/_windows.html"})
#: Parts of the frame that are the same for one person who works for one company.
OF_PERSON = frozenset({"layouts/_tools.html"})
MOST_PEOPLE = 2000  # for whom such parts are kept
#: Ways from a page, the same for everybody with the same rights but for the figures beside them.
OF_PAGE = frozenset({"layouts/_rail.html", "layouts/_club_ways.html"})
MOST_WAYS = 4000  # of them that are kept
_TOKEN = "\0token"  # noqa: S105 - stands for that of a form: no text of ours holds a zero byte
POLICY = "Content-Security-Policy"


@dataclass(frozen=True)
class Way:
    """A public page, or a public address with the name of one thing at its end.

    ``state(name)`` returns all that its answer shows of the thing, or None for what is none; of a
    page, for which the name is empty, something that is another one after every change of it.
    """

    route: str  # as lines of the log name it
    state: Callable[[str], Hashable]
    limit: str | None = None  # of core.limits; what one answer takes of it
    is_packed: bool = False


@dataclass
class Answer:
    """An answer that was given: to what, from what, when, and its bytes around the nonce."""

    asked: Hashable
    state: Hashable
    made_s: float
    headers: list[tuple[str, str]]
    body: list[bytes]  # more than one part: the nonce stands between them
    policy: list[str]  # the same for the header that names the nonce; empty: none does

    @property
    def size(self) -> int:
        """Return about how much memory it takes; who asks chooses some of the words."""
        return sum(map(len, self.body)) + len(str(self.asked)) + OVERHEAD

    def renewed(self) -> tuple[list[tuple[str, str]], bytes]:
        """Return headers and body with a nonce of their own."""
        if not self.policy:
            return self.headers, self.body[0]
        nonce = headers.new_nonce()
        return [*self.headers, (POLICY, nonce.join(self.policy))], nonce.encode().join(self.body)


def init_app(app: Flask) -> None:
    """Put kept answers before ``app``."""
    app.extensions["kept answers"] = answers = Answers(app)
    app.wsgi_app = answers  # type: ignore[method-assign, assignment]


def keep(app: App, prefix: str, way: Way) -> None:
    """Keep the answers of ``app`` at ``prefix`` followed by a name."""
    app.extensions["kept answers"].ways[prefix] = way


def page(app: App, path: str, way: Way) -> None:
    """Keep the page of ``app`` at ``path``."""
    app.extensions["kept answers"].pages[path] = way


class Answers:
    """The web application with its kept answers before it."""

    def __init__(self, app: Flask) -> None:
        self.ways: dict[str, Way] = {}
        self.pages: dict[str, Way] = {}
        self._app = app
        self._inner = app.wsgi_app
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._size = 0

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer a request."""
        began_s = time.perf_counter()
        way, name = self._way(environ["PATH_INFO"])
        key = _asked(environ) if way is not None else None
        if way is None or key is None:
            return self._inner(environ, start)
        with self._app.app_context():
            state = way.state(name)
            answer = self._found(key, state)
            if answer is not None and _is_allowed(way, environ):
                reply, body = answer.renewed()
                if way.is_packed:
                    reply, body = _packed(environ, reply, body)
                start("200 OK", reply)
                logs.answered(way.route, "GET", 200, time.perf_counter() - began_s)
                return [body]
        return self._made(way, key, state, environ, start)

    def clear(self) -> None:
        """Forget every answer."""
        self._kept.clear()
        self._size = 0

    def _way(self, path: str) -> tuple[Way | None, str]:
        """Return what is kept at a path, and the name at its end."""
        if (way := self.pages.get(path)) is not None:
            return way, ""
        prefix, _, name = path.rpartition("/")
        return (self.ways.get(prefix + "/") if name else None), name

    def _found(self, key: Hashable, state: Hashable) -> Answer | None:
        answer = self._kept.get(key)
        if answer is None or answer.state != state:
            return None
        if time.monotonic() - answer.made_s >= KEPT_S:
            return None
        self._kept.move_to_end(key)
        return answer

    def _made(
        self, way: Way, key: Hashable, state: Hashable, environ: dict[str, Any], start: Any
    ) -> Iterable[bytes]:
        """Have the answer made, and keep it under the ``state`` read before it was made."""
        said: list[Any] = []

        def hear(*heard: Any) -> Any:
            said[:] = heard

        parts = self._inner(environ, hear)
        status, reply = said[0], list(said[1])
        if state is None or not _may_be_kept(status, reply):
            start(*said)
            return parts
        try:
            body = b"".join(parts)
        finally:
            getattr(parts, "close", int)()
        self._keep(_answer(key, state, list(reply), body))
        if way.is_packed:
            reply, body = _packed(environ, reply, body)
        start(status, reply)
        return [body]

    def _keep(self, answer: Answer) -> None:
        self._forget(answer.asked)
        self._kept[answer.asked] = answer
        self._size += answer.size
        while self._size > MOST_BYTES and self._kept:
            self._forget(next(iter(self._kept)))

    def _forget(self, key: Hashable) -> None:
        if (old := self._kept.pop(key, None)) is not None:
            self._size -= old.size


def _asked(environ: dict[str, Any]) -> Hashable:
    """Return all that an answer depends on beside the thing; None where a person may be behind."""
    if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
        return None
    if "HTTP_AUTHORIZATION" in environ or int(environ.get("CONTENT_LENGTH") or 0):
        return None
    brought = environ.get("HTTP_COOKIE")
    cookies = tuple(parse_cookie(brought).items(multi=True)) if brought else ()
    if brought and not CHOICES.issuperset(name for name, _ in cookies):
        return None
    language = i18n.match(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    site = (environ["wsgi.url_scheme"], environ.get("HTTP_HOST"), environ.get("SCRIPT_NAME"))
    return (*site, environ["PATH_INFO"], language, cookies)


def _is_allowed(way: Way, environ: dict[str, Any]) -> bool:
    """Count the answer; where the limit is reached the page itself says so."""
    if way.limit is None:
        return True
    try:
        limits.spend(way.limit, limits.counted(environ.get("REMOTE_ADDR")))
    except TooMany:
        return False
    return True


def _may_be_kept(status: str, reply: list[tuple[str, str]]) -> bool:
    return status == "200 OK" and all(name.lower() != "set-cookie" for name, _ in reply)


def _answer(asked: Hashable, state: Hashable, reply: list[tuple[str, str]], body: bytes) -> Answer:
    policy = next((value for name, value in reply if name == POLICY), "")
    nonce, now_s = headers.nonce_of(policy), time.monotonic()
    if nonce is None:
        return Answer(asked, state, now_s, reply, [body], [])
    others = [(name, value) for name, value in reply if name != POLICY]
    return Answer(asked, state, now_s, others, body.split(nonce.encode()), policy.split(nonce))


def _packed(
    environ: dict[str, Any], reply: list[tuple[str, str]], body: bytes
) -> tuple[list[tuple[str, str]], bytes]:
    """Return headers and body, packed where the browser takes it so."""
    changed = [(name, value) for name, value in reply if name.lower() != "content-length"]
    changed.append(("Vary", "Accept-Encoding"))
    if parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING"))["gzip"] > 0:
        body = gzip.compress(body, PACKED_BY, mtime=0)
        changed.append(("Content-Encoding", "gzip"))
    return [*changed, ("Content-Length", str(len(body)))], body


@pass_context
def part(context: Context, template: str) -> Markup:
    """Return a part of a page's frame, rendered with what the page knows.

    It is kept, unless it repeats parameters of the address: for visitors, where it shows nothing
    but the centre, its windows, and what they chose to read it in; for who is signed in, where it
    shows besides nothing but what his rights open (``OF_RIGHTS``), or himself (``OF_PERSON``).
    """

    def render() -> str:
        return context.environment.get_template(template).render(context.get_all())

    if template in OF_PAGE:
        return _of_page(context, template)
    if template in OF_PERSON and current_user.is_authenticated and not request.args:
        return _of_person(context, template, render)
    is_theirs = template in OF_RIGHTS
    if request.args or not (is_theirs or (current_user.is_anonymous and not session)):
        return Markup(render())  # noqa: S704 - a template of ours, which escapes
    here = tuple(window.number for window in context.get("windows", ()) if window.current)
    choices = (context.get("locale"), context.get("theme"), context.get("density"))
    rights = current_user.rights if is_theirs else None
    key = (template, request.script_root, choices, here, context.get("brief"), rights)
    # A few for each language and theme; they change only when the portal is started anew.
    parts: dict[Hashable, Markup] = current_app.extensions.setdefault("kept parts", {})
    if key not in parts:
        parts[key] = Markup(render())  # noqa: S704 - a template of ours, which escapes
    return parts[key]


def _of_page(context: Context, template: str) -> Markup:
    """Return ways from this page for everybody whose rights and figures are these.

    ``figures``, which the template shows: address of a way → the number beside it.
    """
    ways = [way for _group, entries in context.get("rail") or () for way in entries if way[3]]
    is_rail = template == "layouts/_rail.html"
    figures = {url: count.of() for _label, url, _is_here, count in ways} if is_rail else {}

    def render() -> str:
        known = {**context.get_all(), "figures": figures}
        return context.environment.get_template(template).render(known)

    key = (
        *(template, request.script_root, request.endpoint, context.get("locale")),
        *(current_user.rights, *figures.values()),
    )
    return Markup(_kept("kept ways", key, render, MOST_WAYS))  # noqa: S704 - a template of ours


def _kept(name: str, key: Hashable, render: Callable[[], str], most: int) -> str:
    """Return what is kept under ``key``, made if it is not; what was made first goes first."""
    kept: OrderedDict[Hashable, str] = current_app.extensions.setdefault(name, OrderedDict())
    if key not in kept:
        kept[key] = render()
        if len(kept) > most:
            kept.popitem(last=False)
    return kept[key]


def _of_person(context: Context, template: str, render: Callable[[], str]) -> Markup:
    """Return a part that shows who is signed in; the token of its forms is this answer's."""
    who = current_user
    key = (
        template,
        request.script_root,
        (context.get("locale"), context.get("theme"), bool(context.get("at_desk"))),
        (who.person_id, who.name, who.email, who.company_ref, who.company_name, who.rights),
        tuple(map(tuple, context.get("companies", ()))),
    )
    token = generate_csrf()
    html = _kept("kept people", key, lambda: render().replace(token, _TOKEN), MOST_PEOPLE)
    return Markup(html.replace(_TOKEN, token))  # noqa: S704 - a template of ours, which escapes
