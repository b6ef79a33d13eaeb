"""The evidence pack as people read it: one paper, with the way to check it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from portal.consignments.desk.one import SOURCES
from portal.consignments.rules.vocabulary import REASON_TEXT, RETRACTION, text
from portal.core import i18n
from portal.core.i18n import gettext as _
from portal.core.pdf.sheets import A4, LEADING, MM, Sheet
from portal.documents.evidence.contents import Stamp, Subject
from portal.documents.papers import marks
from portal.documents.papers.marks import GREY, INK, LINE, SIGNAL

LEFT, RIGHT, TOP, BOTTOM = 16.0, 194.0, 18.0, 279.0  # mm
QR_ROOM = 30.0
#: Left edges of the columns: time, what, where and how it is known, link of the chain.
COLUMNS = (LEFT, 50.0, 92.0, 158.0)
SMALL, BODY = 7.5, 9.0  # points
MOST_LINES = 12  # of one text


@dataclass
class _Pen:
    """Where on which page the next line goes."""

    sheet: Sheet
    foot: str
    y: float = BOTTOM

    def need(self, height: float) -> None:
        """Begin a page where the rest of this one is lower than ``height`` mm."""
        if self.sheet.pages and self.y + height <= BOTTOM:
            return
        self.sheet.page()
        self.sheet.text(LEFT, 289, self.foot, SMALL, colour=GREY, room=RIGHT - LEFT - 12)
        self.sheet.text(RIGHT, 289, str(self.sheet.pages), SMALL, colour=GREY, align="right")
        self.y = TOP


def draw(subject: Subject, stamp: Stamp) -> bytes:
    """Return the paper as a PDF; the same content gives the same bytes."""
    title = _("Evidence of consignment %(no)s", no=subject.row.no)
    sheet = Sheet(A4, stamp.language, title=title, author=stamp.centre)
    pen = _Pen(sheet, f"{subject.row.no} · {stamp.url}")
    pen.need(60)
    _head(pen, subject, stamp)
    _parties(pen, subject)
    _history(pen, subject)
    _photos(pen, subject)
    _proof(pen, subject, stamp)
    return sheet.finish()


def _head(pen: _Pen, subject: Subject, stamp: Stamp) -> None:
    sheet = pen.sheet
    marks.flag(sheet, LEFT, 14, 7, colour=SIGNAL)
    sheet.text(LEFT + 10, 19.5, stamp.centre, 11, bold=True, colour=INK, room=120)
    sheet.text(LEFT, 31, _("Evidence"), 20, bold=True, colour=INK)
    marks.number(sheet, LEFT, 40, subject.row.no, size=15)
    side = marks.qr(sheet, RIGHT, 14, stamp.url, room=QR_ROOM)
    sheet.text(RIGHT, 14 + side + 4, _("Check this paper"), SMALL, bold=True, align="right")
    y = 47.0
    for line in _stamped(subject, stamp):
        y = sheet.lines(LEFT, y, line, BODY, room=RIGHT - QR_ROOM - LEFT - 6)
    sheet.rule(LEFT, y, RIGHT, y, colour=LINE)
    pen.y = y + 6


def _stamped(subject: Subject, stamp: Stamp) -> Iterable[str]:
    yield _("Made at %(time)s", time=stamp.said_at)
    yield _("Reference %(ref)s", ref=stamp.ref)
    yield stamp.url
    yield _("State: %(state)s", state=text(subject.row.status))
    yield _("Times of events are those of %(zone)s.", zone=i18n.zone().key)
    if stamp.internal:
        yield _("This copy holds internal records of the centre. It is not for others.")


def _parties(pen: _Pen, subject: Subject) -> None:
    middle = (LEFT + RIGHT) / 2
    ends = []
    for x, side, words in (
        (LEFT, "consignor", _("Consignor")),
        (middle, "consignee", _("Consignee")),
    ):
        pen.sheet.text(x, pen.y, words, SMALL, colour=GREY)
        y = pen.y + 4.5
        for name in ("name", "address", "city"):
            said = getattr(subject.row, f"{side}_{name}")
            if said:
                y = pen.sheet.lines(x, y, said, BODY, room=middle - LEFT - 6, most=2)
        ends.append(y)
    pen.y = max(ends) + 3


def _history(pen: _Pen, subject: Subject) -> None:
    _title(pen, _("What happened"))
    heads = (_("Time"), _("Event"), _("Place, note, source"), _("Link of the chain"))
    for x, words in zip(COLUMNS, heads, strict=True):
        pen.sheet.text(x, pen.y, words, SMALL, colour=GREY)
    pen.y += 2
    withdrawn = {event.retracts_id for event in subject.events}
    for event in subject.events:
        _entry(pen, subject, event, is_withdrawn=event.id in withdrawn)
    pen.y += 6


def _entry(pen: _Pen, subject: Subject, event: Any, *, is_withdrawn: bool) -> None:
    """Write one event in as many lines as its longest column takes."""
    columns = (_when(event), _what(event, is_withdrawn), _known(event), _chained(subject, event))
    rooms = [end - start - 4 for start, end in zip(COLUMNS, (*COLUMNS[1:], RIGHT + 4), strict=True)]
    tall = max(map(_height(pen.sheet), columns, rooms)) + 2
    pen.need(tall)
    pen.sheet.rule(LEFT, pen.y, RIGHT, pen.y, colour=LINE)
    for x, column, room in zip(COLUMNS, columns, rooms, strict=True):
        y = pen.y + 4
        for said in column:
            y = pen.sheet.lines(x, y, said, SMALL, room=room, most=MOST_LINES)
    pen.y += tall


def _height(sheet: Sheet) -> Callable[[list[str], float], float]:
    """Return what says how tall a column of a width is, in mm."""
    face, line = sheet.face(), SMALL * LEADING / MM
    return lambda column, room: (
        line * sum(len(face.lines(said, room * MM, SMALL, most=MOST_LINES)) for said in column)
    )


def _when(event: Any) -> list[str]:
    said = [i18n.full_instant(event.occurred_at)]
    if event.classifier != "actual":
        said.append(_("planned") if event.classifier == "planned" else _("estimated"))
    return said


def _what(event: Any, is_withdrawn: bool) -> list[str]:
    said = [text(event.code)]
    if event.reason:
        said.append(str(REASON_TEXT.get(event.reason, event.reason)))
    if is_withdrawn:
        said.append(_("Withdrawn later"))
    if not event.published:
        said.append(_("Internal"))
    return said


def _known(event: Any) -> list[str]:
    said = [words for words in (event.place, event.note, event.sscc) if words]
    if event.code == RETRACTION:
        said.append(_("Withdraws event %(id)s", id=event.retracts_id))
    recorded = i18n.full_instant(event.recorded_at)
    source = str(SOURCES.get(event.source, event.source))
    return [*said, _("%(source)s, recorded %(time)s", source=source, time=recorded)]


def _chained(subject: Subject, event: Any) -> list[str]:
    link = subject.link_of(event)
    if link is not None:
        return [f"{link.position}", f"{link.hash[:8]} {link.hash[8:16]}"]
    return [_("sealed together") if subject.sealed else _("not chained yet")]


def _photos(pen: _Pen, subject: Subject) -> None:
    if not subject.attachments:
        return
    _title(pen, _("Photos in the pack, with their SHA-256"))
    for each in subject.attachments:
        pen.need(9)
        pen.sheet.text(LEFT, pen.y, f"photos/{each.ref}", SMALL)
        pen.sheet.text(COLUMNS[1] + 22, pen.y, each.sha256, SMALL)
        pen.y += 4.5
    pen.y += 4


def _proof(pen: _Pen, subject: Subject, stamp: Stamp) -> None:
    pen.need(46)
    _title(pen, _("How this can be checked"))
    for line in (
        _(
            "Every event hangs on the one before it by SHA-256: nobody can change, remove or "
            "insert one without changing every hash that follows."
        ),
        _(
            "When this was made the log ended at position %(position)s with this hash:",
            position=stamp.position,
        ),
        stamp.head_hash,
        _(
            "The page behind the square code computes the events anew and says whether the log "
            "still agrees. The pack (evidence.zip) holds every record, and how to check it without "
            "us."
        ),
    ):
        pen.y = pen.sheet.lines(LEFT, pen.y, line, BODY, room=RIGHT - LEFT)


def _title(pen: _Pen, words: str) -> None:
    pen.need(22)
    pen.sheet.text(LEFT, pen.y, words, 11, bold=True, colour=INK)
    pen.y += 6
