"""Changing a questionnaire: what is checked before a version is kept, what differs from another."""

import copy
import re
from collections.abc import Mapping
from typing import Any

from portal.core.errors import FieldError, Invalid
from portal.core.i18n import TAGS
from portal.core.i18n import lazy as _l
from portal.membership.rules.questions import (
    CHOOSING,
    CORE,
    LAST,
    NEW_KINDS,
    Version,
)
from portal.membership.rules.reading import clean

KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")
MOST_QUESTIONS = 30  # of a section
MOST_CHOICES = 60
MOST_WORDS = 400  # characters of a label or hint
Content = dict[str, Any]


def moved(content: Mapping[str, Any], key: str, verb: str) -> Content:
    """Return questions with ``key`` one up, one down, or removed (``verb``).

    Raises Invalid for a question that is not there or cannot be removed.
    """
    changed = copy.deepcopy(dict(content))
    for section in changed["sections"]:
        questions = section["questions"]
        at = next((n for n, each in enumerate(questions) if each["key"] == key), None)
        if at is not None:
            _move(questions, at, verb)
            return changed
    raise Invalid(_l("There is no such question."))


def _move(questions: list[Any], at: int, verb: str) -> None:
    if verb == "remove":
        if questions[at]["key"] in CORE:
            raise Invalid(_l("The portal works with this answer, so the question stays."))
        del questions[at]
        return
    if verb not in ("up", "down"):
        raise Invalid(_l("Choose what to do."))
    to = at - 1 if verb == "up" else at + 1
    if 0 <= to < len(questions):
        questions[at], questions[to] = questions[to], questions[at]


def from_form(raw: Mapping[str, Any], posted: Any) -> dict[str, Any]:
    """Return a question as the form has it; of a core question only the words change."""
    changed = dict(raw)
    for part in ("label", "hint"):
        changed[part] = {lang: clean(posted.get(f"{part}-{lang}", "")) for lang in TAGS}
    if not any(changed["hint"].values()):
        del changed["hint"]
    if raw["key"] not in CORE:
        changed["key"] = raw["key"] or clean(posted.get("key", "")).lower()
        changed["kind"] = raw["kind"] if raw["key"] else posted.get("kind", "text")
        changed["required"] = bool(posted.get("required"))
    if changed["kind"] in CHOOSING and not is_fixed(changed["key"]):
        changed["choices"] = _choices(posted.get("choices", ""))
    return changed


def is_fixed(key: str) -> bool:
    """Return whether the choices of a question belong to the portal."""
    return key in ("kinds", "terms_wanted", "hazard")


def _choices(text: str) -> list[dict[str, Any]]:
    """Return the choices of lines such as ``key | 简体 | 繁體 | English``."""
    found = []
    for line in clean(text).split("\n")[:MOST_CHOICES]:
        parts = [part.strip() for part in line.split("|")]
        if parts[0]:
            words = parts[1:4] + [""] * (4 - len(parts))
            found.append({"key": parts[0].lower(), "label": dict(zip(TAGS, words, strict=False))})
    return found


def choices_as_text(raw: Mapping[str, Any]) -> str:
    """Return the choices as the lines of the form."""
    return "\n".join(
        " | ".join([each["key"], *(each["label"].get(lang, "") for lang in TAGS)])
        for each in raw.get("choices", ())
    )


def replaced(
    content: Mapping[str, Any], section: str, key: str | None, raw: dict[str, Any]
) -> Content:
    """Return questions with ``raw`` in place of ``key``, or (None) at the end of ``section``.

    Raises Invalid that names each field that is wrong.
    """
    changed = copy.deepcopy(dict(content))
    target = next((s for s in changed["sections"] if s["key"] == section), None)
    if target is None or (key is None and section == LAST):
        raise Invalid(_l("There is no such step."))
    _check(raw, Version(0, changed), is_new=key is None)
    if key is None:
        if len(target["questions"]) >= MOST_QUESTIONS:
            raise Invalid(_l("This step is full. Remove a question first."))
        target["questions"].append(raw)
    else:
        target["questions"] = [raw if q["key"] == key else q for q in target["questions"]]
    return changed


def _check(raw: Mapping[str, Any], version: Version, *, is_new: bool) -> None:
    wrong = [*_wrong_key(raw, version, is_new), *_wrong_words(raw)]
    if is_new and raw["kind"] not in NEW_KINDS:
        wrong.append(FieldError("kind", _l("Choose one from the list.")))
    if raw["kind"] in CHOOSING:
        wrong += _wrong_choices(raw.get("choices", []))
    if wrong:
        raise Invalid(_l("Please check what you entered."), wrong)


def _wrong_key(raw: Mapping[str, Any], version: Version, is_new: bool) -> list[FieldError]:
    if not is_new:
        return []
    if not KEY.fullmatch(raw["key"]):
        return [FieldError("key", _l("A key has small letters, digits and _: cold_rooms."))]
    if raw["key"] in version.by_key:
        return [FieldError("key", _l("There is a question of this key already."))]
    return []


def _wrong_words(raw: Mapping[str, Any]) -> list[FieldError]:
    wrong = []
    for lang in TAGS:
        if not raw["label"].get(lang):
            wrong.append(FieldError(f"label-{lang}", _l("Write the question in each language.")))
        for part in ("label", "hint"):
            if len(raw.get(part, {}).get(lang, "")) > MOST_WORDS:
                sentence = _l("This is longer than %(max)d characters.", max=MOST_WORDS)
                wrong.append(FieldError(f"{part}-{lang}", sentence))
    return wrong


def _wrong_choices(choices: list[Mapping[str, Any]]) -> list[FieldError]:
    keys = [each["key"] for each in choices]
    if len(choices) < 2:
        return [FieldError("choices", _l("Give at least two choices, one a line."))]
    if len(set(keys)) != len(keys):
        return [FieldError("choices", _l("Each choice has a key of its own."))]
    if any(not each["label"].get(lang) for each in choices for lang in TAGS):
        return [FieldError("choices", _l("Write each choice in three languages."))]
    return []


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return key → what is different (``new``, ``changed``) and, under ``removed``, keys."""
    old, new = Version(0, before).by_key, Version(0, after).by_key
    found: dict[str, Any] = {
        key: "changed" if key in old else "new"
        for key, each in new.items()
        if key not in old or dict(old[key].raw) != dict(each.raw)
    }
    return {"marks": found, "removed": [key for key in old if key not in new]}
