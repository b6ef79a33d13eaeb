"""Writing the starting questions into a centre: what is there already stays as it is.

They stand in ``*.json`` beside this module: slug, topic, right (0–3), link, source, and in ``zh``
and ``en``: the question, four answers, the explanation. Traditional Chinese is made from ``zh``.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from portal.accounts.service.companies import new_ref
from portal.club.daily.models import QuizQuestion
from portal.pages.starter.traditional import traditional

FOLDER = Path(__file__).parent
_Q = QuizQuestion.__table__


def load(now: datetime, *, on: Connection) -> int:
    """Bring the questions that are not there yet, ready to be asked; return how many."""
    known = set(on.scalars(select(_Q.c.slug).where(_Q.c.slug.is_not(None))))
    rows = [_row(each, now) for each in all_written() if each["slug"] not in known]
    if rows:
        on.execute(insert(_Q), rows)
    return len(rows)


def all_written() -> Iterator[dict[str, Any]]:
    """Yield the questions as they are written."""
    for path in sorted(FOLDER.glob("*.json")):
        yield from json.loads(path.read_text("utf-8"))


def _row(each: dict[str, Any], now: datetime) -> dict[str, Any]:
    source = each.get("sources", {}).get("zh", "")
    hant = [traditional(text) for text in (*each["zh"], source)]
    hans = _text([*each["zh"], source])
    texts = {"zh-Hans": hans, "zh-Hant": _text(hant), "en": _text([*each["en"], ""])}
    same = {name: each[name] for name in ("slug", "topic", "right", "link", "source")}
    plain = {"ref": new_ref("QQ"), "state": "ready", "turn": 0, "version": 1}
    return {**same, **plain, "texts": texts, "changed_at": now}


def _text(parts: list[str]) -> dict[str, Any]:
    ask, *options, why, source = parts
    return {"ask": ask, "options": options, "why": why, "source": source}
