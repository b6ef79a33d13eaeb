"""What a reader asks of the list of goods: read from the address, and written back to it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from portal.core.i18n import gettext as _
from portal.warehousing.goods.queries.many import SORTS, USUAL_SORT, Filter
from portal.warehousing.goods.rules.kinds import LOT_POLICIES, STORAGE_CLASSES

MOST = 100  # characters of one condition
_NAMES = {"class": "storage", "lots": "policy"}
#: Value of ``use`` → what Filter.active is.
_USE: dict[str, bool | None] = {"": True, "no": False, "all": None}


@dataclass(frozen=True)
class Asked:
    """The conditions as they were typed; empty strings: none."""

    q: str = ""
    storage: str = ""
    policy: str = ""
    use: str = ""
    company: str = ""
    sort: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "Asked":
        """Read the conditions from the address."""
        return cls(**{f.name: clean(args.get(_parameter(f.name), "")) for f in fields(cls)})

    def args(self, **changes: str) -> dict[str, str]:
        """Return the parameters of the address, with some of them changed."""
        values = {f.name: getattr(self, f.name) for f in fields(self)} | changes
        return {_parameter(name): value for name, value in values.items() if value}

    def filter(self, company_id: int | None = None) -> Filter:
        """Return what the queries understand; ``company_id`` is that of ``company``."""
        return Filter(
            text=self.q,
            storage_class=self.storage or None,
            lot_policy=self.policy or None,
            active=_USE.get(self.use, True),
            company_id=company_id,
            sort=self.sort if self.sort in SORTS else USUAL_SORT,
        )

    def conditions(self) -> list[tuple[str, "Asked"]]:
        """Return each chosen condition in words, with what remains without it."""
        use = {"no": _("Out of use"), "all": _("With those out of use")}
        named = (
            ("q", self.q, _("Contains “%(text)s”", text=self.q)),
            ("storage", self.storage, str(STORAGE_CLASSES.get(self.storage, self.storage))),
            ("policy", self.policy, str(LOT_POLICIES.get(self.policy, self.policy))),
            ("use", self.use, use.get(self.use, self.use)),
            ("company", self.company, _("Company: %(name)s", name=self.company)),
        )
        return [(words, replace(self, **{name: ""})) for name, given, words in named if given]

    def narrows(self) -> bool:
        """Whether anything is asked that could leave some out."""
        return bool(self.q or self.storage or self.policy or self.company or self.use == "no")


def clean(text: str) -> str:
    """Return typed text without what no database keeps, cut to a sane length."""
    kept = "".join(c for c in text if c.isprintable() and not "\ud800" <= c <= "\udfff")
    return kept.strip()[:MOST]


def sorts() -> list[tuple[str, str]]:
    """Return the orders that the list can have: (parameter, words)."""
    named = {"code": _("By code"), "name": _("By name"), "newest": _("Newest first")}
    return [(key, named[key]) for key in SORTS]


def uses() -> list[tuple[str, str]]:
    """Return what the list can be of: (parameter, words)."""
    return [("", _("In use")), ("no", _("Out of use")), ("all", _("All"))]


def _parameter(name: str) -> str:
    return next((shown for shown, kept in _NAMES.items() if kept == name), name)
