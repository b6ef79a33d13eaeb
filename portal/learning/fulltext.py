"""What of courses, books and answered questions can be searched for."""

from typing import Any

from sqlalchemy import Connection

from portal.core import markdown, search
from portal.core.fulltext import FullText

WORKS = FullText("course_words")
QUESTIONS = FullText("question_words")
MOST_TOKENS = 8000
EVERYBODY = 0  # owner of all of them


def show_work(work_id: int, version: Any, *, on: Connection) -> None:
    """Make a course or book findable by what it says in every language."""
    said = [value for text in version.texts.values() for value in text.values()]
    for part in version.parts:
        said += [value for text in part["texts"].values() for value in text.values()]
    words = search.document(*(markdown.plain(text) for text in said), most=MOST_TOKENS)
    WORKS.change(work_id, EVERYBODY, words, on=on)


def show_question(question_id: int, texts: list[str], *, on: Connection) -> None:
    """Make a question findable by what everybody may read of it."""
    words = search.document(*texts, most=MOST_TOKENS)
    QUESTIONS.change(question_id, EVERYBODY, words, on=on)


def forget_work(work_id: int, *, on: Connection) -> None:
    """Make a course or book findable no more."""
    WORKS.change(work_id, EVERYBODY, "", on=on)


def forget_question(question_id: int, *, on: Connection) -> None:
    """Make a question findable no more."""
    QUESTIONS.change(question_id, EVERYBODY, "", on=on)
