"""Texts as paper can show them: marked where no font has a sign, ordered where they run leftward.

What people enter may hold anything. Nothing is lost silently: a letter that no font of ours
has becomes its code in brackets, a picture a square; what cannot be seen is dropped.
"""

import re
import unicodedata
from collections.abc import Callable

SQUARE = "□"
_LETTERS = ("L", "N")  # first letters of categories whose signs carry meaning one by one
_SPACES = re.compile(r"[ \t\r\n\v\f\x1c-\x1f\x85\u2028\u2029]+")
#: What is not shown as it stands: controls, spaces of other kinds, Arabic, invisible marks.
_TOUCHED = re.compile(
    r"[\x00-\x1f\x7f-\xa0\u0600-\u06ff\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_NUMBER = re.compile(r"[0-9\u0660-\u0669][0-9\u0660-\u0669.,:/\-]*[0-9\u0660-\u0669]")
_CODE = re.compile(r"\[U\+[0-9A-F]{4,6}\]")
_LEFTWARD = ("R", "AL")
#: Arabic letter → its forms: alone, at the end, at the beginning, in the middle.
_FORM_NAMES = ("isolated", "final", "initial", "medial")


def _forms() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in range(0xFE70, 0xFEFD):
        form, _, letters = unicodedata.decomposition(chr(code)).partition("> ")
        name = form.strip("<")
        if name in _FORM_NAMES and " " not in letters:
            letter = chr(int(letters, 16))
            found.setdefault(letter, [""] * 4)[_FORM_NAMES.index(name)] = chr(code)
    return found


_ARABIC = _forms()
_LAM = "\u0644"
#: What follows a lam → the two in one sign: alone, at the end.
_LAM_ALEF = {
    "\u0622": "\ufef5\ufef6",
    "\u0623": "\ufef7\ufef8",
    "\u0625": "\ufef9\ufefa",
    "\u0627": "\ufefb\ufefc",
}


def visible(text: str, has: Callable[[str], bool]) -> str:
    """Return ``text`` as one line of signs that are there; ``has`` says which are.

    Still in the order of reading: ``ordered`` gives that of the paper, line by line.
    """
    if all(map(has, text)) and not _TOUCHED.search(text):
        return text.strip()
    plain = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).replace("\xa0", " ")
    shown: list[str] = []
    for sign in _joined(plain):
        shown_sign = _shown(sign, has)
        if shown_sign != SQUARE or shown[-1:] != [SQUARE]:
            shown.append(shown_sign)
    return "".join(shown).strip()


def _shown(sign: str, has: Callable[[str], bool]) -> str:
    category = unicodedata.category(sign)
    if category in ("Cc", "Cf", "Mn", "Me", "Sk") and (category[0] == "C" or not has(sign)):
        return ""
    if has(sign):
        return sign
    simpler = [c for c in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(c)]
    if simpler and simpler != [sign] and all(map(has, simpler)):
        return "".join(simpler)
    return f"[U+{ord(sign):04X}]" if category[0] in _LETTERS else SQUARE


def _joined(text: str) -> str:
    """Return Arabic letters in the forms in which they are joined; all else as it is."""
    if not any(letter in _ARABIC for letter in text):
        return text
    letters = [c for c in text if unicodedata.category(c) != "Mn" or c not in _HARAKAT]
    joined: list[str] = []
    n = 0
    while n < len(letters):
        pair = (
            _LAM_ALEF.get(letters[n + 1]) if letters[n] == _LAM and n + 1 < len(letters) else None
        )
        before = n > 0 and _joins_on(letters[n - 1])
        if pair:
            joined.append(pair[before])
        else:
            joined.append(_form(letters[n], before, letters[n + 1 : n + 2]))
        n += 2 if pair else 1
    return "".join(joined)


#: Marks of Arabic vowels: names and addresses read without them.
_HARAKAT = frozenset(map(chr, range(0x064B, 0x0653)))


def _joins_on(letter: str) -> bool:
    """Return whether a letter joins the one that follows it."""
    return letter in _ARABIC and bool(_ARABIC[letter][2])


def _form(letter: str, before: bool, following: list[str]) -> str:
    forms = _ARABIC.get(letter)
    if forms is None:
        return letter
    after = bool(forms[2]) and bool(following) and following[0] in _ARABIC
    after = after and bool(_ARABIC[following[0]][1])
    wanted = forms[(3 if after else 1) if before else (2 if after else 0)]
    return wanted or forms[0] or letter


def ordered(line: str) -> str:
    """Return a line in the order in which its signs stand on paper, from left to right.

    A small rule: numbers and words of the other direction keep their own order. Embeddings are
    not known.
    """
    kinds = [unicodedata.bidirectional(sign) for sign in line]
    if not any(kind in _LEFTWARD for kind in kinds):
        return line
    for code in _CODE.finditer(line):  # what stands for a letter is one word, brackets and all
        kinds[code.start() : code.end()] = ["L"] * len(code[0])
    strong = next(kind for kind in kinds if kind == "L" or kind in _LEFTWARD)
    is_leftward = strong != "L"
    marks = _directions(kinds, is_leftward)
    runs = _runs(line, marks)
    if is_leftward:
        runs.reverse()
    return "".join(_turned(run) if mark != "L" else run for mark, run in runs)


def _directions(kinds: list[str], is_leftward: bool) -> list[str]:
    """Return L or R for each sign: what has no direction takes that of both its neighbours."""
    base = "R" if is_leftward else "L"
    marks, last = [], base
    for kind in kinds:
        if kind == "L" or kind in _LEFTWARD:
            last = "L" if kind == "L" else "R"
            marks.append(last)
        else:
            marks.append(last if kind in ("EN", "AN") else "")
    following = base
    for n in reversed(range(len(marks))):
        if marks[n]:
            following = marks[n]
        else:
            before = next((mark for mark in reversed(marks[:n]) if mark), base)
            marks[n] = following if before == following else base
    return marks


def _runs(line: str, marks: list[str]) -> list[tuple[str, str]]:
    runs: list[tuple[str, str]] = []
    for sign, mark in zip(line, marks, strict=True):
        if runs and runs[-1][0] == mark:
            runs[-1] = (mark, runs[-1][1] + sign)
        else:
            runs.append((mark, sign))
    return runs


def _turned(run: str) -> str:
    """Return a leftward run from left to right, its numbers as they are read."""
    turned = run[::-1].translate(_MIRRORED)
    return _NUMBER.sub(lambda found: found[0][::-1], turned)
