"""Typed cells of workbooks as text."""

from datetime import date, datetime, time, timedelta


def as_text(value: object) -> str:
    """Return a typed cell as the text a person would have typed: ISO dates, plain numbers."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _plain(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _plain(value: float) -> str:
    # Excel itself keeps 15 digits: what floats add behind them is noise.
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    short = f"{value:.15g}"
    return format(float(short), "f").rstrip("0").rstrip(".") if "e" in short else short
