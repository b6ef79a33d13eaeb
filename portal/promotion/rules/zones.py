"""The places where advertisements stand: fixed shapes, so that nothing moves when one arrives."""

from dataclasses import dataclass
from typing import Any

from portal.core.i18n import lazy as _l


@dataclass(frozen=True)
class Zone:
    """A place: its shape on a wide page and on a phone, and the picture that fits it.

    On a phone the middle of the picture is shown; what must be read stands there.
    """

    name: str
    label: Any
    ratio: tuple[int, int]
    phone_ratio: tuple[int, int]
    width: int  # px of the picture asked for

    @property
    def height(self) -> int:
        """Return the pixels asked for."""
        return self.width * self.ratio[1] // self.ratio[0]

    @property
    def safe(self) -> float:
        """Return the share of the width that is seen on a phone too."""
        wide, narrow = (a / b for a, b in (self.ratio, self.phone_ratio))
        return min(1.0, narrow / wide)


ZONES = {
    zone.name: zone
    for zone in (
        Zone("home_hero", _l("Home, below the head"), (5, 1), (5, 2), 1600),
        Zone("strip", _l("Strip between sections"), (8, 1), (4, 1), 1600),
        Zone("side", _l("Side column"), (3, 1), (3, 1), 900),
        Zone("tracking", _l("Tracking, below the result"), (6, 1), (3, 1), 1200),
        Zone("member_home", _l("Members’ overview"), (6, 1), (3, 1), 1200),
        Zone("club", _l("Members’ club"), (3, 1), (3, 1), 900),
    )
}
#: Colours a text may stand on; each has its class in components.css.
COLOURS = {
    "teal": _l("Harbour teal"),
    "ink": _l("Night blue"),
    "sand": _l("Sand"),
    "rust": _l("Container red"),
    "leaf": _l("Leaf green"),
}
KINDS = {
    "image": _l("Picture"),
    "text": _l("Text"),
    "html5": _l("Animation (HTML)"),
    "video": _l("Video"),
    "sound": _l("Picture with sound"),
}
#: Kinds that show a picture, at least until they play.
WITH_PICTURE = frozenset({"image", "html5", "video", "sound"})
