"""The copy of an application on paper: what was asked, what was answered, to what was agreed."""

from collections.abc import Mapping
from typing import Any

from flask import current_app

from portal.core import clock, look
from portal.core.i18n import full_instant, pgettext
from portal.core.i18n import gettext as _
from portal.core.pdf.sheets import A4, MM, Sheet
from portal.membership.models import Application, Consent
from portal.membership.rules.questions import LAST, Question, Version
from portal.membership.rules.states import STATE_TEXT
from portal.membership.shown import words

LEFT, RIGHT, TOP, BOTTOM = 18.0, 192.0, 22.0, 277.0  # mm
COLUMN = 74.0  # where answers begin
LABEL, TEXT, HEAD, TITLE = 8.5, 9.5, 12.0, 17.0  # points
GREY = 0.4


class _Copy:
    """A document that goes on to a next page where one is full."""

    def __init__(self, application: Application, language: str) -> None:
        self.language, self.application = language, application
        self.centre = look.centre()
        title = _("Application %(ref)s", ref=application.ref)
        self.sheet = Sheet(A4, language, title=title, author=self.centre.name)
        self.y = BOTTOM
        self.begin_page()

    def begin_page(self) -> None:
        """Begin a page with its head and foot."""
        sheet = self.sheet
        sheet.page()
        sheet.text(LEFT, 13, self.centre.name, LABEL, bold=True)
        sheet.text(RIGHT, 13, self.application.ref, LABEL, align="right")
        sheet.rule(LEFT, 15.5, RIGHT, 15.5, weight=0.6)
        foot = f"{current_app.config['PUBLIC_URL']}/apply/{self.application.ref}"
        sheet.text(LEFT, 288, foot, 7.5, colour=GREY)
        sheet.text(RIGHT, 288, str(sheet.pages), 7.5, align="right", colour=GREY)
        self.y = TOP

    def room(self, height: float) -> None:
        """Go on to the next page unless there is so much room, in mm."""
        if self.y + height > BOTTOM:
            self.begin_page()

    def head(self, text: str) -> None:
        """Write the head of a section."""
        self.room(22)
        self.y += 5
        self.sheet.rule(LEFT, self.y - 1, RIGHT, self.y - 1, weight=0.9)
        self.y = self.sheet.lines(
            LEFT, self.y + 5, text, HEAD, room=RIGHT - LEFT, bold=True, most=1
        )

    def fact(self, label: str, said: list[str]) -> None:
        """Write a question and its answer beside it."""
        face = self.sheet.face()
        wide = (RIGHT - COLUMN) * MM
        broken = [line for each in said for line in face.lines(each, wide, TEXT)]
        self.room(7)
        start = self.y
        below = self.sheet.lines(
            LEFT, start, label, LABEL, room=COLUMN - LEFT - 4, most=4, colour=GREY
        )
        for line in broken or ["—"]:
            self.room(5)
            self.sheet.set_line(COLUMN, self.y, line, TEXT)
            self.y += 4.6
        self.y = max(self.y, below if self.y >= start else self.y) + 1.2


def pdf(
    application: Application,
    version: Version,
    answers: Mapping[str, Any],
    consents: Mapping[tuple[str, str], Consent],
    *,
    language: str,
) -> bytes:
    """Return the application as PDF in ``language``."""
    copy = _Copy(application, language)
    title = _("Application for membership")
    copy.y = copy.sheet.lines(LEFT, copy.y + 6, title, TITLE, room=RIGHT - LEFT, bold=True) + 1
    copy.fact(_("Reference"), [application.ref])
    copy.fact(pgettext("application", "State"), [str(STATE_TEXT[application.state])])
    if application.submitted_at:
        copy.fact(_("Submitted on"), [full_instant(application.submitted_at)])
    copy.fact(_("Version of the questions"), [str(version.number)])
    copy.fact(_("Printed"), [full_instant(clock.now())])
    for section in version.sections:
        if section.key == LAST:
            _consents(copy, consents)
        else:
            copy.head(section.title(language))
            for question in section.questions:
                copy.fact(question.label(language), _said(question, answers, language))
    return copy.sheet.finish()


def _said(question: Question, answers: Mapping[str, Any], language: str) -> list[str]:
    said = words.lines(question, answers.get(question.key), language)
    return words.masked(question, said)


def _consents(copy: _Copy, consents: Mapping[tuple[str, str], Consent]) -> None:
    """Write the consents in the words to which the applicant agreed."""
    if not consents:
        return
    copy.head(_("Consents"))
    for each in consents.values():
        copy.fact(each.text, [_("Yes") if each.given else _("No")])
