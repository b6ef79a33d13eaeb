"""Every setting the portal reads, its unit and its default, in one place.

``docs/operations.md`` describes each one for operators; a test holds the two together.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

ROOT = Path(__file__).resolve().parent
SECRET_FILE = "secret.key"  # noqa: S105 - a file name, in the instance folder; written by ``dev.py run``
LOCALES = ("zh-Hans", "zh-Hant", "en")
LIMITS: Mapping[str, str] = MappingProxyType(
    {
        "sign_in": "30/minute",
        "password_reset": "5/hour",
        "application": "5/hour",
        "application_save": "600/hour",
        "application_proof": "30/hour",
        "message": "10/hour",
        "message_followup": "30/hour",
        "call_back": "6/hour",
        "lookup": "60/minute",
        "chat": "60/minute",
        "direct": "20/minute",
        "follow": "300/minute",
        "api": "1200/minute",
        "upload": "60/hour",
        "ad": "240/minute",
        "ad_views": "2000/day",
        "links": "10/hour",
        "question": "10/hour",
        "certificate": "60/hour",
        "post": "60/hour",
        "game": "120/hour",
        "daily": "120/hour",
        "react": "600/hour",
        "report": "30/hour",
        "typing": "30/minute",
        "picture": "60/hour",
        "preview": "1800/hour",
        "draft": "1800/hour",
        "feed": "240/hour",
        "outbound": "600/hour",
    }
)
#: Rules of incidents whose hours a centre may set, and the columns of their table.
INCIDENT_RULES = (
    "late_pickup",
    "no_first_scan",
    "no_scan_for_hours",
    "stuck_at_hub",
    "late_delivery",
    "late_foreseen",
)
INCIDENT_COLUMNS = ("express", "cold", "standard", "abroad")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WORKING_HOURS = "Mon-Fri 08:30-18:00; Sat 09:00-12:00"
#: Day of the week (Monday 0) → when the centre's people are at work on it, in order.
Weekly = Mapping[int, tuple[tuple[time, time], ...]]
T = TypeVar("T")
Setting = Callable[[str], T]


class MissingSetting(Exception):
    """A required setting is absent or empty; the text names every fault that was found."""


class BadSetting(Exception):
    """A setting cannot be used as it is; the text names every fault that was found."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Immutable settings; build one with :meth:`from_env`, or directly in tests.

    The upper-case properties are what Flask and its extensions read through
    ``app.config.from_object(config)``.
    """

    SECRET_KEY: str
    INSTANCE: Path = ROOT / "instance"
    DATABASE_URL: str = f"sqlite:///{ROOT / 'instance' / 'quayside.db'}"
    REDIS_URL: str | None = None  # None: one web process, nothing to share
    QUEUE_URL: str | None = None  # None: jobs wait in the database alone
    FILES_URL: str = f"file:{ROOT / 'instance' / 'files'}"
    PUBLIC_URL: str = "http://127.0.0.1:8000"  # without a slash at the end
    MAIL_URL: str = f"file:{ROOT / 'instance' / 'mail'}"
    MQTT_URL: str | None = None
    GEOCODER_URL: str | None = None  # None: the places that come with the portal
    MAP_TILES_URL: str | None = None  # None: the plain base map
    MAP_ATTRIBUTION: str = ""  # whom maps name for the tiles
    DEFAULT_LOCALE: str = "zh-Hans"
    TIMEZONE: str = "Asia/Shanghai"
    CENTRE_NAME: str = "临港配送中心"
    CENTRE_NAME_EN: str = "Lingang Distribution Centre"
    CENTRE_SHORT_NAME: str = "Quayside"
    CENTRE_PHONE: str = "0571 5550 0100"
    CENTRE_FAX: str = "0571 5550 0101"
    CENTRE_EMAIL: str = "service@quayside.example"
    CENTRE_ADDRESS: str = "浙江省杭州市临港大道 1 号"
    CENTRE_ADDRESS_EN: str = "1 Lingang Avenue, Hangzhou, Zhejiang, China"
    RATE_LIMITS: Mapping[str, str] = field(default_factory=lambda: LIMITS)
    INCIDENT_HOURS: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    WORKING_HOURS: Weekly = field(default_factory=lambda: weekly(WORKING_HOURS))  # in TIMEZONE
    GS1_COMPANY_PREFIX: str = "6901234"  # 7 to 10 digits
    MAX_UPLOAD_BYTES: int = 25 * 1024 * 1024
    STREAM_KEEP_DAYS: int = 30
    SESSION_DAYS: int = 14
    PASSWORD_HASH_COST: str = "normal"  # noqa: S105 - "normal", or "test" for cheap Argon2id
    TRUSTED_PROXIES: int = 0  # how many proxies in front write X-Forwarded-… headers
    EMBEDDED_WORKERS: bool = True  # True: relay and jobs run inside the web process
    DEMO: bool = False
    TESTING: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Config":
        """Read every setting from ``env`` once.

        An absent ``SECRET_KEY`` is read from ``secret.key`` in the instance folder.
        Raises MissingSetting when it is in neither, BadSetting when any value cannot be
        used; either one names all faults together.
        """
        return _read(_Reader(env))

    @property
    def SQLALCHEMY_DATABASE_URI(self) -> str:
        """Return the database address for SQLAlchemy."""
        return self.DATABASE_URL

    @property
    def MAX_CONTENT_LENGTH(self) -> int:
        """Return the largest request body Flask takes, in bytes."""
        return self.MAX_UPLOAD_BYTES

    @property
    def PERMANENT_SESSION_LIFETIME(self) -> timedelta:
        """Return how long a sign-in lasts."""
        return timedelta(days=self.SESSION_DAYS)

    @property
    def SESSION_COOKIE_SECURE(self) -> bool:
        """Say whether cookies are sent over TLS alone: whenever the public address has it."""
        return self.PREFERRED_URL_SCHEME == "https"

    @property
    def SESSION_COOKIE_SAMESITE(self) -> str:
        """Return the SameSite mark of cookies: links from mails must still find the session."""
        return "Lax"

    @property
    def PREFERRED_URL_SCHEME(self) -> str:
        """Return the scheme of addresses made outside a request."""
        return urlsplit(self.PUBLIC_URL).scheme

    @property
    def WTF_CSRF_TIME_LIMIT(self) -> None:
        """Let a form's token live as long as the session: forms stay open for hours at a desk."""
        return


class _Reader:
    """Reads settings one by one and keeps a sentence for each that cannot be used."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self.faults: list[str] = []

    def text(self, name: str, default: str) -> str:
        """Return the value without surrounding space, or ``default`` when empty."""
        return self._env.get(name, "").strip() or default

    def optional(self, name: str) -> str | None:
        """Return the value, or None when empty."""
        return self.text(name, "") or None

    def parsed(self, name: str, default: T, parse: Setting[T]) -> T:
        """Return ``parse(value)``, or ``default`` when empty or when ``parse`` refuses."""
        value = self.text(name, "")
        if not value:
            return default
        try:
            return parse(value)
        except ValueError as fault:
            self.faults.append(f"{name} {fault}")
            return default


def _read(read: _Reader) -> Config:
    instance = Path(read.text("INSTANCE", str(Config.INSTANCE))).resolve()
    redis_url = read.parsed("REDIS_URL", None, _url("redis", "rediss", "unix", "valkey"))
    secret = read.text("SECRET_KEY", "") or _kept_secret(instance)
    config = Config(
        SECRET_KEY=secret,
        INSTANCE=instance,
        DATABASE_URL=read.parsed(
            "DATABASE_URL", f"sqlite:///{instance / 'quayside.db'}", _database_url
        ),
        REDIS_URL=redis_url,
        QUEUE_URL=read.optional("QUEUE_URL") or redis_url,
        FILES_URL=read.parsed("FILES_URL", f"file:{instance / 'files'}", _url("file")),
        PUBLIC_URL=read.parsed("PUBLIC_URL", Config.PUBLIC_URL, _public_url),
        MAIL_URL=read.parsed(
            "MAIL_URL", f"file:{instance / 'mail'}", _url("file", "smtp", "smtps")
        ),
        MQTT_URL=read.parsed("MQTT_URL", None, _url("mqtt", "mqtts")),
        GEOCODER_URL=read.parsed("GEOCODER_URL", None, _url("http", "https")),
        MAP_TILES_URL=read.parsed("MAP_TILES_URL", None, _tiles_url),
        MAP_ATTRIBUTION=read.text("MAP_ATTRIBUTION", Config.MAP_ATTRIBUTION),
        DEFAULT_LOCALE=read.parsed("DEFAULT_LOCALE", Config.DEFAULT_LOCALE, _one_of(*LOCALES)),
        TIMEZONE=read.parsed("TIMEZONE", Config.TIMEZONE, _timezone),
        CENTRE_NAME=read.text("CENTRE_NAME", Config.CENTRE_NAME),
        CENTRE_NAME_EN=read.text("CENTRE_NAME_EN", Config.CENTRE_NAME_EN),
        CENTRE_SHORT_NAME=read.text("CENTRE_SHORT_NAME", Config.CENTRE_SHORT_NAME),
        CENTRE_PHONE=read.text("CENTRE_PHONE", Config.CENTRE_PHONE),
        CENTRE_FAX=read.text("CENTRE_FAX", Config.CENTRE_FAX),
        CENTRE_EMAIL=read.text("CENTRE_EMAIL", Config.CENTRE_EMAIL),
        CENTRE_ADDRESS=read.text("CENTRE_ADDRESS", Config.CENTRE_ADDRESS),
        CENTRE_ADDRESS_EN=read.text("CENTRE_ADDRESS_EN", Config.CENTRE_ADDRESS_EN),
        RATE_LIMITS=read.parsed("RATE_LIMITS", LIMITS, _limits),
        INCIDENT_HOURS=read.parsed("INCIDENT_HOURS", MappingProxyType({}), _incident_hours),
        WORKING_HOURS=read.parsed("WORKING_HOURS", weekly(WORKING_HOURS), weekly),
        GS1_COMPANY_PREFIX=read.parsed("GS1_COMPANY_PREFIX", Config.GS1_COMPANY_PREFIX, _gs1),
        MAX_UPLOAD_BYTES=read.parsed("MAX_UPLOAD_BYTES", Config.MAX_UPLOAD_BYTES, _whole(1)),
        STREAM_KEEP_DAYS=read.parsed("STREAM_KEEP_DAYS", Config.STREAM_KEEP_DAYS, _whole(1)),
        SESSION_DAYS=read.parsed("SESSION_DAYS", Config.SESSION_DAYS, _whole(1)),
        PASSWORD_HASH_COST=read.parsed(
            "PASSWORD_HASH_COST", Config.PASSWORD_HASH_COST, _one_of("normal", "test")
        ),
        TRUSTED_PROXIES=read.parsed("TRUSTED_PROXIES", 0, _whole(0)),
        EMBEDDED_WORKERS=read.parsed("EMBEDDED_WORKERS", redis_url is None, _switch),
        DEMO=read.parsed("DEMO", False, _switch),
        TESTING=read.parsed("TESTING", False, _switch),
    )
    _refuse(read.faults, secret)
    return config


def _refuse(faults: list[str], secret: str) -> None:
    if secret and not faults:
        return
    if secret:
        raise BadSetting("\n".join(faults))
    missing = "SECRET_KEY is missing: set it to a long random text that only this portal knows."
    raise MissingSetting("\n".join([missing, *faults]))


def _kept_secret(instance: Path) -> str:
    file = instance / SECRET_FILE
    return file.read_text("ascii").strip() if file.is_file() else ""


def _database_url(value: str) -> str:
    scheme, separator, rest = value.partition("://")
    if not separator:
        raise ValueError("must be an address such as postgresql://name:password@host/database.")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if scheme != "sqlite":
        raise ValueError("must name a SQLite or PostgreSQL database.")
    return value


def _url(*schemes: str) -> Setting[str]:
    def parse(value: str) -> str:
        if urlsplit(value).scheme not in schemes:
            raise ValueError(f"must begin with {' or '.join(f'{name}:' for name in schemes)}.")
        return value

    return parse


def _tiles_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("must be like https://tiles.example/{z}/{x}/{y}.png.")
    if any(mark not in value for mark in ("{z}", "{x}", "{y}")) or set(value) & set(" ;,'\""):
        raise ValueError("must have {z}, {x} and {y} in it and no spaces or quotes.")
    return value


def _public_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
        raise ValueError("must be like https://portal.example: scheme and host, without a path.")
    return f"{parts.scheme}://{parts.netloc}"


def _one_of(*allowed: str) -> Setting[str]:
    def parse(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}.")
        return value

    return parse


def _timezone(value: str) -> str:
    known = available_timezones()  # none where Python has no zone data yet: before set-up
    if known and value not in known:
        raise ValueError("must be a zone name such as Asia/Shanghai.")
    return value


def _limits(value: str) -> Mapping[str, str]:
    """Return the default table with the limits of ``value`` put over it."""
    table = dict(LIMITS)
    for part in filter(None, (part.strip() for part in value.split(";"))):
        name, _, limit = (piece.strip() for piece in part.partition("="))
        if name not in LIMITS:
            raise ValueError(f"knows no limit {name!r}; it knows {', '.join(LIMITS)}.")
        if not re.fullmatch(r"[1-9]\d*/(second|minute|hour|day)", limit):
            raise ValueError(f"must give {name} like 10/minute, not {limit!r}.")
        table[name] = limit
    return MappingProxyType(table)


def _incident_hours(value: str) -> Mapping[str, float]:
    """Return ``rule`` or ``rule.column`` → hours; what is not named keeps its default."""
    table: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in value.split(";"))):
        name, _, hours = (piece.strip() for piece in part.partition("="))
        rule, dot, column = name.partition(".")
        if rule not in INCIDENT_RULES or (dot and column not in INCIDENT_COLUMNS):
            raise ValueError(f"knows no rule {name!r}; it knows {', '.join(INCIDENT_RULES)}.")
        if not re.fullmatch(r"\d{1,5}(\.\d{1,2})?", hours):
            raise ValueError(f"must give {name} in hours like 36, not {hours!r}.")
        table[name] = float(hours)
    return MappingProxyType(table)


def weekly(value: str) -> Weekly:
    """Return the hours of ``Mon-Fri 08:30-12:00, 13:00-18:00; Sat 09:00-12:00``.

    Raises ValueError for anything else.
    """
    table: dict[int, tuple[tuple[time, time], ...]] = {}
    for part in filter(None, (part.strip() for part in value.split(";"))):
        days, _, hours = part.partition(" ")
        for day in _days(days):
            if day in table:
                raise ValueError(f"must name {DAYS[day]} once.")
            table[day] = _spans(hours)
    if not table:
        raise ValueError(f"must name hours of at least one day, like {WORKING_HOURS}.")
    return MappingProxyType(table)


def _days(text: str) -> range:
    first, _, last = text.partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        raise ValueError(f"must name days as {', '.join(DAYS)}, not {text!r}.")
    return range(DAYS.index(first), DAYS.index(last or first) + 1)


def _spans(text: str) -> tuple[tuple[time, time], ...]:
    spans = []
    for span in text.split(","):
        found = re.fullmatch(r"\s*([0-2]\d:[0-5]\d)\s*-\s*([0-2]\d:[0-5]\d)\s*", span)
        if not found:
            raise ValueError(f"must give hours like 08:30-18:00, not {span.strip()!r}.")
        spans.append((time.fromisoformat(found[1]), time.fromisoformat(found[2])))
    edges = [edge for span in spans for edge in span]
    if any(later <= earlier for earlier, later in pairwise(edges)):
        raise ValueError(f"must give hours of a day in order, not {text.strip()!r}.")
    return tuple(spans)


def _gs1(value: str) -> str:
    if not re.fullmatch(r"[0-9]{7,10}", value):
        raise ValueError("must be 7 to 10 digits.")
    return value


def _whole(least: int) -> Setting[int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", value) or int(value) < least:
            raise ValueError(f"must be a whole number, {least} or more.")
        return int(value)

    return parse


def _switch(value: str) -> bool:
    if value.lower() not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
        raise ValueError("must be 1 or 0.")
    return value.lower() in {"1", "true", "yes", "on"}
