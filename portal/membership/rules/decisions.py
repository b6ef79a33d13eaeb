"""Words of the review: why one is refused, how a fact was made sure, how it came."""

from typing import Any

from portal.core.i18n import lazy as _l

#: Code → what the desk chooses, and what the applicant reads.
REFUSALS: dict[str, Any] = {
    "not_real": _l("We could not make sure that the company exists"),
    "duplicate": _l("The company is a member already"),
    "goods": _l("We do not carry or store these goods"),
    "lanes": _l("We do not serve these lanes"),
    "volume": _l("The volume is too small or too large for us"),
    "credit": _l("We could not agree on credit"),
    "no_answer": _l("Our questions were not answered"),
    "spam": _l("This was not a serious application"),
    "other": _l("Another reason"),
}
#: How an answer was made sure of.
HOWS: dict[str, Any] = {
    "phone_call": _l("Phone call"),
    "registry_extract": _l("Extract of the register"),
    "paper": _l("Paper seen"),
    "site_visit": _l("Visit on site"),
}
CHANNELS: dict[str, Any] = {
    "web": _l("The form"),
    "api": _l("The API"),
    "message": _l("A message"),
    "desk": _l("The desk"),
}
MAX_NOTE = 4000  # characters
MAX_ASK = 2000
