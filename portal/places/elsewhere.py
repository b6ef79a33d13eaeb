"""Whether there is a geocoder elsewhere; who asks it loads ``places.online`` and with it geopy."""

_url: str | None = None


def use(url: str | None) -> None:
    """Let the geocoder at ``url`` be asked from now on; None: none."""
    global _url
    _url = url


def url() -> str:
    """Return where it is; empty where there is none."""
    return _url or ""


def is_set() -> bool:
    """Return whether there is a geocoder to ask."""
    return _url is not None
