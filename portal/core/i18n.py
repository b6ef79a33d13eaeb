"""Languages: which one a request speaks, and how figures and instants are written in it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision
from flask import Flask, current_app, g, has_app_context, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, pgettext
from flask_babel import gettext as gettext
from flask_babel.speaklater import LazyString

from portal.core import clock

#: Locale tags, each with what its own readers call it.
LANGUAGES = (("zh-Hans", "简"), ("zh-Hant", "繁"), ("en", "EN"))
TAGS = tuple(tag for tag, _ in LANGUAGES)
COOKIE = "lang"
YEAR_S = 365 * 24 * 3600

babel = Babel()


class Text(LazyString):
    """A text that speaks the reader's language when it is shown.

    flask-babel's own says of itself that it is safe HTML; with values put in it is not.
    """

    def __str__(self) -> str:
        """Return the text in the reader's language; what has no values is translated once."""
        if self._kwargs:
            return str(self._func(*self._args, **self._kwargs))
        return _said(spoken(), self._func, self._args)

    @property
    def __html__(self) -> Any:
        """Have pages escape this text like any other."""
        raise AttributeError


@lru_cache(maxsize=8192)  # texts of the program, in three languages
def _said(_language: Locale | None, translate: Callable[..., str], texts: tuple[str, ...]) -> str:
    return str(translate(*texts))


def lazy(text: str, **values: Any) -> Text:
    """Return a text to be translated when it is shown, with ``values`` put in."""
    return Text(gettext, text, **values)


def lazy_pgettext(context: str, text: str, **values: Any) -> Text:
    """Return such a text of which the English word alone does not say enough."""
    return Text(pgettext, context, text, **values)


def by_language(said: Callable[[str], str]) -> Callable[[str], str]:
    """Remember what ``said`` answers in each language: texts do not change while we run."""

    @lru_cache(maxsize=1024)
    def remembered(_language: str, code: str) -> str:
        return said(code)

    @wraps(said)
    def answer(code: str) -> str:
        return remembered(tag(), code)

    return answer


__all__ = [
    "LANGUAGES",
    "TAGS",
    "by_language",
    "choose",
    "gettext",
    "lazy",
    "lazy_pgettext",
    "match",
    "pgettext",
    "speaking",
    "tag",
]


def init_app(app: Flask) -> None:
    """Speak the visitor's language on every page of ``app``."""
    app.config.update(
        BABEL_DEFAULT_LOCALE=app.config["DEFAULT_LOCALE"].replace("-", "_"),
        BABEL_DEFAULT_TIMEZONE=app.config["TIMEZONE"],
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    babel.init_app(app, locale_selector=lambda: _known(choose()))
    app.jinja_env.filters.update(FILTERS)
    app.after_request(_remember)


@lru_cache(maxsize=len(TAGS))
def _known(tag: str) -> Locale:
    """Return the locale of a tag; babel would look for its file at every request."""
    return Locale.parse(tag.replace("-", "_"))


def choose() -> str:
    """Return the tag to speak: ``?lang=``, the cookie, the person's own, the browser's, ours."""
    if not has_request_context():
        return str(current_app.config["DEFAULT_LOCALE"])
    asked = request.args.get("lang") or request.cookies.get(COOKIE)
    if asked in TAGS:
        return str(asked)
    own = getattr(g.get("_login_user"), "locale", None)
    return own or match(request.headers.get("Accept-Language", "")) or _default()


def _default() -> str:
    return str(current_app.config["DEFAULT_LOCALE"])


def match(accepted: str) -> str | None:
    """Return the first language of an Accept-Language header that we speak, or None.

    Chinese is chosen by script: ``zh-TW``, ``zh-HK`` and ``zh-MO`` read traditional characters.
    """
    for part in accepted.split(","):
        wanted = part.split(";")[0].strip().lower()
        if wanted.startswith("zh"):
            traditional = {"hant", "tw", "hk", "mo"} & set(wanted.split("-"))
            return "zh-Hant" if traditional else "zh-Hans"
        if wanted.startswith("en"):
            return "en"
    return None


def _remember(response):  # type: ignore[no-untyped-def]
    asked = request.args.get("lang")
    if asked in TAGS and request.cookies.get(COOKIE) != asked:
        response.set_cookie(
            COOKIE, asked, max_age=YEAR_S, samesite="Lax", httponly=True, secure=is_secure()
        )
    return response


def is_secure() -> bool:
    """Return whether cookies travel over TLS alone, as those of the session do."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def spoken() -> Locale | None:
    """Return the language that is spoken now, as ``get_locale`` does.

    A page asks more than a hundred times, and that looks for the context anew each time.
    """
    try:
        context = g._get_current_object().__dict__.get("_flask_babel")
    except RuntimeError:  # nobody asks
        return None
    return getattr(context, "babel_locale", None) or get_locale()


def tag() -> str:
    """Return the tag of the language being spoken now, such as ``zh-Hans``."""
    return _tag(spoken()) or _default()


@lru_cache(maxsize=len(TAGS) + 1)
def _tag(language: Locale | None) -> str:
    return str(language or "").replace("_", "-")


def speaking(language: str | None):  # type: ignore[no-untyped-def]
    """Return a context in which texts come in ``language`` (for mails and workers)."""
    return force_locale((language or _default()).replace("-", "_"))


def zone() -> ZoneInfo:
    """Return the time zone in which this reader sees instants."""
    own = getattr(g.get("_login_user"), "timezone", None) if has_app_context() else None
    return ZoneInfo(own or current_app.config["TIMEZONE"])


def local(moment: datetime) -> datetime:
    """Return ``moment`` in the reader's time zone."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone())


def clock_time(moment: datetime | None) -> str:
    """Return hours and minutes, 24 h: ``15:42``."""
    return "" if moment is None else f"{local(moment):%H:%M}"


def day(moment: datetime | date | None) -> str:
    """Return the day: today says so, this year leaves the year out."""
    if moment is None:
        return ""
    on = local(moment).date() if isinstance(moment, datetime) else moment
    today = local(clock.now()).date()
    if on == today:
        return gettext("Today")
    if tag() == "en":
        pattern = "d MMM" if on.year == today.year else "d MMM y"
        return _english_day(on, pattern)
    return f"{on:%m-%d}" if on.year == today.year else f"{on:%Y-%m-%d}"


@lru_cache(maxsize=4096)  # days come again on every page
def _english_day(on: date, pattern: str) -> str:
    return str(format_date(on, pattern, locale="en_GB"))


def instant(moment: datetime | None) -> str:
    """Return day and time as one reads it: ``今日 15:42``, ``11-20 18:04``."""
    return "" if moment is None else f"{day(moment)} {clock_time(moment)}"


def full_instant(moment: datetime | None) -> str:
    """Return date and time to the second, for records."""
    return "" if moment is None else f"{local(moment):%Y-%m-%d %H:%M:%S}"


def number(value: float | Decimal | None, digits: int | None = None) -> str:
    """Return a number with the locale's separators."""
    if value is None:
        return "—"
    return _written(value, digits, _babel_locale())


@lru_cache(maxsize=4096)  # counts and totals come again and again
def _written(value: float | Decimal, digits: int | None, language: Locale) -> str:
    pattern = None if digits is None else f"#,##0.{'0' * digits}" if digits else "#,##0"
    return str(format_decimal(value, pattern, locale=language))


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share of 1 as ``96.1 %``."""
    if share is None:
        return "—"
    text = str(format_percent(share, f"0.{'0' * digits}%", locale=_babel_locale()))
    return text.replace("%", " %")


def weight(grams: float | None) -> str:
    """Return grams as kilograms: ``12.5 kg``."""
    return "—" if grams is None else f"{number(grams / 1000)} kg"


def metres(distance_m: float | None) -> str:
    """Return a distance as ``850 m`` or ``6.4 km``."""
    if distance_m is None:
        return "—"
    if distance_m < 1000:
        return f"{number(round(distance_m))} m"
    return f"{number(round(distance_m / 1000, 1))} km"


def money(minor: int | None, currency: str | None) -> str:
    """Return minor units as an amount with its currency."""
    if minor is None or not currency:
        return "—"
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    return str(format_currency(amount, currency, locale=_babel_locale()))


def masked_phone(phone: str | None) -> str:
    """Return a phone number of which strangers learn nothing: ``138****8000``."""
    digits = (phone or "").removeprefix("+86")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"


def _babel_locale() -> Locale:
    return spoken() or Locale.parse(_default().replace("-", "_"))


FILTERS = {
    "instant": instant,
    "clock": clock_time,
    "day": day,
    "full_instant": full_instant,
    "number": number,
    "percent": percent,
    "weight": weight,
    "metres": metres,
    "money": money,
    "masked_phone": masked_phone,
}
