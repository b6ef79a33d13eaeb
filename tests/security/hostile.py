"""Values that no honest person sends, and requests made of them."""

import random
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from portal.core.pagination import encode

BIG = 2**63
TEXTS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "‮txt.exe",
    "\ufeff\u200b\u2066",
    "词" * 10_000,
    "😀" * 60,
    "-1",
    "0",
    "1" * 5000,
    str(BIG),
    str(-BIG - 1),
    "1e999",
    "NaN",
    "-Infinity",
    "²",
    "٣",
    "1.5",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "2026-02-30",
    "25:61",
    "=1+1",
    "../../../etc/passwd",
    "%s%n%(x)s",
    "{{7*7}}{%",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    '"\\',
    "\r\nSet-Cookie: x=1",
    "[]",
    "{}",
    "null",
    "javascript:alert(1)",
    "https://evil.example/?",
    "//evil.example",
    "QS00000000000000",
    "step:",
    "step:none,delivered",
)
CURSORS = tuple(
    encode(values)
    for values in (
        [2**64 - 1],
        [-1],
        [True],
        [None],
        ["x"],
        [[]],
        [1.5],
        ["x", 2**64 - 1],
        ["x", -1],
        [None, None],
        [{}, []],
        ["a\x00", 1],
        [1, "a\x00"],
        ["0001-01-01T00:00:00+14:00", 1],
        ["9999-12-31T23:59:59-14:00", 1],
        ["2026-01-01T00:00:00+00:00", 2**64 - 1],
        ["2026-01-01T00:00:00+00:00", True],
        ["2026-01-01", 1],
    )
)
PARAMETERS = (
    "_anchor _external _method _scheme after before city code company copy density dry_run endpoint "
    "event_id file_format filename format from kind lang late limit mapping mode name next no number "
    "page q queue ref service sort standing status tail theme to token topic values wait which"
).split()
JSON = (
    None,
    True,
    0,
    -1,
    1.5,
    2**31,
    BIG,
    2**64 - 1,
    -BIG - 1,
    1e308,
    "",
    "\x00",
    "a\x00b",
    "x" * 10_001,
    "‮",
    "😀",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-11-20T10:00:00+23:59",
    "NaN",
    "1" * 5000,
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"a\x00": 1},
    ["x"] * 1001,
)
RAW = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b"null",
    b"[]",
    b"{}",
    b'"\\ud800"',
    b'{"code":"\\ud800"}',
    b"NaN",
    b'{"a":Infinity}',
    b'{"a":1e999}',
    b'{"a":' + b"9" * 400 + b"}",
    b"[" * 100_000,
    b"[" * 900 + b"]" * 900,
    b'{"code":1,"code":"picked_up"}',
    b'{"events":' + b"[" * 40 + b"]" * 40 + b"}",
    b"a=1&b=2",
)
FILES = (
    b"",
    b"\x00" * 64,
    b"\xff\xd8\xff\xe0" + b"\x00" * 40,
    b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
    b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    b"GIF89a<script>alert(1)</script>",
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"PK\x03\x04" + b"\x00" * 40,
    b"PK\x05\x06" + b"\x00" * 18,
    b"a,b\n1,2\n",
    b"\xef\xbb\xbf\xff\xfe\x00\n\x00",
    b'"unclosed,\n' * 20,
    b"," * 5000 + b"\n1",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512,
)
HEADERS = (
    {},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer \x80\xff"},
    {"Authorization": "bearer  x y z"},
    {"Authorization": "Basic " + "A" * 9000},
    {"Authorization": "Basic !!!"},
    {"Accept-Language": "zh-" * 3000},
    {"Accept-Language": ";q=,;,\xe9,zh;q=x"},
    {"Cookie": "lang=../../x; theme=<b>; density=\xe9; proof=..; session=.."},
    {"Cookie": "lang=en; lang=zh-Hans; session=" + "A" * 4000},
    {"Cookie": "=;;=,;\x01"},
    {"Host": "evil.example"},
    {"Host": "evil.example:99999"},
    {"Host": "[::1"},
    {"Host": "a b<script>"},
    {"X-Forwarded-For": "1.2.3.4, \x00", "X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Proto": "javascript"},
    {"Origin": "https://evil.example"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Idempotency-Key": ""},
    {"Idempotency-Key": "\xe9" * 300},
    {"If-None-Match": '"' * 50, "If-Modified-Since": "yesterday", "Range": "bytes=9-1,-,x"},
    {"Content-Length": "x"},
    {"Content-Type": "multipart/form-data"},
    {"Content-Type": "multipart/form-data; boundary=\xe9"},
    {"Content-Type": "application/json; charset=utf-7"},
    {"X-Fragment": "\xe9"},
    {"User-Agent": "\xe9" * 9000},
)


def pairs(dice: random.Random, names: tuple[str, ...] | list[str]) -> list[tuple[str, str]]:
    """Return some parameters with hostile values, now and then one of them twice."""
    chosen = dice.sample(list(names), min(len(names), dice.randint(1, 4)))
    found = [(name, dice.choice(TEXTS + CURSORS)) for name in chosen]
    return found + found[:1] if dice.random() < 0.1 else found


def query(dice: random.Random) -> str:
    """Return a query string of hostile parameters."""
    if dice.random() < 0.05:
        return "?%FF%FE=%00&&=&" + "a" * 9000
    wanted = pairs(dice, PARAMETERS)
    if dice.random() < 0.4:
        wanted.append((dice.choice(("after", "before")), dice.choice(CURSORS)))
    return "?" + urlencode(wanted, encoding="utf-8", errors="surrogatepass")


def segment(dice: random.Random) -> str:
    """Return one part of a path, percent-encoded."""
    return quote(dice.choice(TEXTS)[:300], safe="") or "-"


def mutated(dice: random.Random, value: Any) -> Any:
    """Return ``value`` with something in it, however deep, changed to a hostile value."""
    if isinstance(value, dict) and value and dice.random() < 0.85:
        key = dice.choice(list(value))
        return {**value, key: mutated(dice, value[key])}
    if isinstance(value, list) and value and dice.random() < 0.7:
        place = dice.randrange(len(value))
        return [mutated(dice, v) if i == place else v for i, v in enumerate(value)]
    return dice.choice(JSON)


def page_of(reply: Any) -> str:
    """Return the page that was answered; papers and files are none."""
    return str(reply.text) if reply.mimetype.startswith("text/") else ""


def fields_of(reply: Any) -> list[str]:
    """Return the names of the fields in the forms of a page that was answered."""
    tags = re.findall(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"', page_of(reply))
    return list(dict.fromkeys(tags))


def addresses(
    app: Any, known: dict[str, list[str]], dice: random.Random
) -> Iterator[tuple[str, list[str], str]]:
    """Yield (endpoint, methods, address) for every rule: once as it should be, then hostile.

    ``known`` gives good values by the name of the argument.
    """
    for rule in app.url_map.iter_rules():
        methods = sorted(rule.methods - {"HEAD", "OPTIONS"})
        yield (
            rule.endpoint,
            methods,
            _filled(rule, lambda name: dice.choice(known.get(name, ["x"]))),
        )
        if rule.arguments:
            yield rule.endpoint, methods, _filled(rule, lambda name: segment(dice))


def _filled(rule: Any, value: Any) -> str:
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda match: value(match[1]), rule.rule)
