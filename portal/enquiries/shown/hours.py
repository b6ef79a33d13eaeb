"""The centre's usual week in words."""

from portal.core import working
from portal.core.i18n import gettext as _


def week() -> list[tuple[str, str]]:
    """Return the centre's usual week: (days, hours), days with the same hours together."""
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    spans = working.hours().weekly
    said: list[tuple[int, int, str]] = []
    for day in range(7):
        text = ", ".join(f"{b:%H:%M}–{e:%H:%M}" for b, e in spans.get(day, ()))
        if said and said[-1][2] == text and said[-1][1] == day - 1:
            said[-1] = (said[-1][0], day, text)
        elif text:
            said.append((day, day, text))
    return [
        (names[a] if a == b else _("%(a)s to %(b)s", a=names[a], b=names[b]), text)
        for a, b, text in said
    ]
