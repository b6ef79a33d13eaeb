"""Which companies and applications may be the same as this one, and why.

Score = the strongest reason and a little for each further one: a code counts more than a phone or
mail, these more than a similar name, however many of the weaker ones come together.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any

from portal.core.i18n import lazy as _l

#: Reason → points; a further reason adds FURTHER.
POINTS = {
    "credit_code": 90,
    "registration_no": 85,
    "email": 60,
    "phone": 56,
    "name": 40,
    "similar_name": 30,
    "mail_domain": 15,
}
FURTHER = 3
LIKELY = 15  # points from which it is shown
SIMILAR = 0.78  # ratio of names from which they are similar
REASON_TEXT: dict[str, Any] = {
    "credit_code": _l("the same credit code"),
    "registration_no": _l("the same registration number"),
    "email": _l("the same e-mail address"),
    "phone": _l("the same phone number"),
    "name": _l("the same name"),
    "similar_name": _l("a similar name"),
    "mail_domain": _l("mail from the same domain"),
}
#: Domains of which everybody may have an address.
PUBLIC_DOMAINS = frozenset(
    "qq.com 163.com 126.com sina.com sina.cn sohu.com foxmail.com aliyun.com 139.com 189.cn "
    "gmail.com outlook.com hotmail.com yahoo.com icloud.com gmx.de web.de proton.me".split()
)
_FORMS = re.compile(
    r"股份有限公司|有限责任公司|有限公司|分公司|集团|公司|\b(?:co|ltd|limited|inc|llc|gmbh|ag|corp|corporation|"
    r"company|bv|sa|sarl|plc|pty|kg|group)\b"
)
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a company or an application, to compare it by."""

    kind: str  # company or application
    ref: str
    name: str
    name_en: str = ""
    credit_code: str = ""
    registration_no: str = ""
    country: str = ""
    emails: frozenset[str] = field(default=frozenset())
    phones: frozenset[str] = field(default=frozenset())
    #: Lifecycle of a company, state of an application.
    standing: str = ""


@dataclass(frozen=True)
class Match:
    """Something that may be the same: how likely (0 to 100), and why, the strongest first."""

    known: Known
    score: int
    reasons: tuple[str, ...]


def bare(name: str) -> str:
    """Return a company's name without its legal form, case, width and marks."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    without = _FORMS.sub(" ", folded)
    return _NOT_WORD.sub("", without) or _NOT_WORD.sub("", folded)


def pairs(name: str) -> list[str]:
    """Return pieces of a name by which similar ones are looked for, at most eight."""
    plain = bare(name)
    size = 4 if plain.isascii() else 2
    pieces = [plain[n : n + size] for n in range(max(1, len(plain) - size + 1))]
    return list(dict.fromkeys(pieces))[:8] if plain else []


def rank(one: Known, others: Iterable[Known]) -> list[Match]:
    """Return the others that are likely the same, the likeliest first."""
    found = (_match(one, other) for other in others)
    likely = [match for match in found if match.score >= LIKELY]
    return sorted(likely, key=lambda match: (-match.score, match.known.kind, match.known.ref))


def _match(one: Known, other: Known) -> Match:
    reasons = sorted(_reasons(one, other), key=lambda reason: -POINTS[reason])
    if not reasons:
        return Match(other, 0, ())
    score = POINTS[reasons[0]] + FURTHER * (len(reasons) - 1)
    return Match(other, min(score, 100), tuple(reasons))


def _reasons(one: Known, other: Known) -> list[str]:
    found = []
    if one.credit_code and one.credit_code == other.credit_code:
        found.append("credit_code")
    if (
        one.registration_no
        and bare(one.registration_no) == bare(other.registration_no)
        and one.country == other.country
    ):
        found.append("registration_no")
    if one.emails & other.emails:
        found.append("email")
    elif _domains(one.emails) & _domains(other.emails):
        found.append("mail_domain")
    if one.phones & other.phones:
        found.append("phone")
    return found + _name_reasons(one, other)


def _name_reasons(one: Known, other: Known) -> list[str]:
    mine = {bare(name) for name in (one.name, one.name_en) if name}
    theirs = {bare(name) for name in (other.name, other.name_en) if name}
    if mine & theirs:
        return ["name"]
    alike = max((likeness(a, b) for a in mine for b in theirs), default=0.0)
    return ["similar_name"] if alike >= SIMILAR else []


def likeness(one: str, other: str) -> float:
    """Return how alike two bare names are, from 0 to 1; one within the other is much alike."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= (8 if shorter.isascii() else 4) and shorter in longer:
        return max(0.85, len(shorter) / len(longer))
    ratio = SequenceMatcher(None, one[:80], other[:80]).ratio()
    return ratio if shorter.isascii() else max(ratio, 0.9 * _in_common(one, other))


def _in_common(one: str, other: str) -> float:
    """Return the share of signs in common, in any order: 杭州华东家居, 华东家居（杭州）."""
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common / max(len(one) + len(other), 1)


def _domains(emails: frozenset[str]) -> set[str]:
    return {email.rpartition("@")[2] for email in emails} - PUBLIC_DOMAINS - {""}


@dataclass(frozen=True)
class Pair:
    """Two that are likely the same: how likely (0 to 100), and why, the strongest first."""

    one: Known
    other: Known
    score: int
    reasons: tuple[str, ...]


#: Of what many have in common (a piece of a name, a domain) nothing follows.
COMMON = 25
MOST_PAIRS = 200
_SURE = 9  # what counts as much as so many pieces of a name


def ranked_pairs(known: Sequence[Known]) -> list[Pair]:
    """Return which are likely the same, the likeliest first, at most MOST_PAIRS.

    Only those are compared that have something rare in common, so that the work grows with the
    register and not with its square.
    """
    found = [_pair(known[a], known[b]) for a, b in sorted(_close(known))]
    likely = [pair for pair in found if pair.score >= LIKELY]
    likely.sort(key=lambda pair: (-pair.score, pair.one.ref, pair.other.ref))
    return likely[:MOST_PAIRS]


def _close(known: Sequence[Known]) -> list[tuple[int, int]]:
    """Return the places of those that share a key, or two pieces of a name."""
    alike: dict[tuple[str, str], list[int]] = {}
    marks = [_marks(each) for each in known]
    for place, mine in enumerate(marks):
        for mark in mine:
            alike.setdefault(mark, []).append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for (kind, _), places in alike.items():
        if len(places) <= COMMON:
            weight = 1 if kind == "name" else _SURE
            for pair in combinations(places, 2):
                shared[pair] += weight
    return [pair for pair, n in shared.items() if n >= min(2, *(len(marks[at]) for at in pair))]


def _marks(one: Known) -> set[tuple[str, str]]:
    names = [name for name in (one.name, one.name_en) if name]
    found = {("name", piece) for name in names for piece in pairs(name)}
    found |= {("bare", bare(name)) for name in names}
    found |= {("email", email) for email in one.emails}
    found |= {("domain", domain) for domain in _domains(one.emails)}
    found |= {("phone", phone) for phone in one.phones}
    if one.credit_code:
        found.add(("code", one.credit_code))
    return found


def _pair(one: Known, other: Known) -> Pair:
    match = _match(one, other)
    return Pair(one, other, match.score, match.reasons)
