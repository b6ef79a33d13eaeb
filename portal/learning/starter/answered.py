"""The answered questions of the starting content, from ``content/answers.json``."""

import json
from dataclasses import dataclass

from portal.learning.starter.reading import FOLDER


@dataclass(frozen=True)
class Answered:
    """A question that an expert answered in public; ``locale`` is the language of both."""

    ref: str
    locale: str
    topic: str
    name: str
    subject: str
    text: str
    answer: str
    author: str
    role: str
    days_ago: int
    hours: int  # until it was answered


def all_answered() -> list[Answered]:
    """Return them, the oldest first."""
    entries = json.loads((FOLDER / "answers.json").read_text("utf-8"))
    return sorted((Answered(**entry) for entry in entries), key=lambda each: -each.days_ago)
