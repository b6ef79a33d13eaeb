"""Cards: what stands on them, what is chosen from lists, what is never written there."""

import re
from collections.abc import Iterable

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

ABOUT_MAX = 500  # characters
WORDS_MAX = 160
CITY_MAX = 40
SERVICES_MOST = 8  # of what is offered, and of what is looked for
LANGUAGES_MOST = 6
SERVICES = {
    "storage": _l("Storage"),
    "cold": _l("Cold storage"),
    "bonded": _l("Bonded storage"),
    "space": _l("Idle storage space"),
    "fulfilment": _l("Fulfilment for online shops"),
    "returns": _l("Returns handling"),
    "packing": _l("Packing and labelling"),
    "full_truck": _l("Full truck loads"),
    "part_load": _l("Part loads and groupage"),
    "city": _l("City distribution"),
    "cold_truck": _l("Refrigerated transport"),
    "sea": _l("Sea freight"),
    "air": _l("Air freight"),
    "rail": _l("Rail freight"),
    "express": _l("International express"),
    "customs": _l("Customs clearance"),
    "dangerous": _l("Dangerous goods"),
    "heavy": _l("Heavy and oversize goods"),
    "boxes": _l("Cartons and packing material"),
    "pallets": _l("Pallets and containers for reuse"),
    "inspection": _l("Inspection and quality control"),
    "insurance": _l("Cargo insurance"),
    "software": _l("Software and data interfaces"),
    "training": _l("Training and advice"),
}
REGIONS = {
    "east": _l("East China"),
    "north": _l("North China"),
    "northeast": _l("Northeast China"),
    "central": _l("Central China"),
    "south": _l("South China"),
    "southwest": _l("Southwest China"),
    "northwest": _l("Northwest China"),
    "hmt": _l("Hong Kong, Macao, Taiwan"),
    "asia": _l("Rest of Asia"),
    "europe": _l("Europe"),
    "america": _l("The Americas"),
    "elsewhere": _l("Africa and Oceania"),
}
#: Names of languages in themselves: whoever speaks one finds it.
LANGUAGES = {
    "zh": "普通话",
    "yue": "粤语",
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "pt": "Português",
    "ru": "Русский",
    "ja": "日本語",
    "ko": "한국어",
    "vi": "Tiếng Việt",
    "th": "ไทย",
    "ar": "العربية",
}
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"(?:\d[\s().+-]{0,2}){7,}")


def check_words(*texts: str) -> None:
    """Raise Refused for texts with an e-mail address or a telephone number in them.

    Whoever wants to be reached is written to through the portal.
    """
    if any(_ADDRESS.search(text) or _PHONE.search(text) for text in texts):
        raise Refused(
            _l(
                "Leave e-mail addresses and telephone numbers out: "
                "people write to you through the portal."
            )
        )


def marks_of(
    languages: Iterable[str], offers: Iterable[str], seeks: Iterable[str], region: str | None
) -> list[str]:
    """Return by what a card is found."""
    found = [f"speaks:{each}" for each in languages]
    found += [f"offers:{each}" for each in offers]
    found += [f"seeks:{each}" for each in seeks]
    return [*found, f"region:{region}"] if region else found
