"""What takes a person: progress, quizzes and certificates of his own."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.accounts.forms import filled
from portal.core import i18n, limits, look
from portal.core.db import AnyRow, db, transaction
from portal.core.errors import Forbidden, Invalid, Refused
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.core.links import abroad
from portal.learning import paper
from portal.learning.forms import NameForm
from portal.learning.paper import Said
from portal.learning.queries import certificates, progress, works
from portal.learning.queries.works import Shown
from portal.learning.rules import quiz
from portal.learning.rules.certificates import spaced
from portal.learning.rules.topics import BOOK, COURSE, TOPICS
from portal.learning.service import certifying, quizzes
from portal.learning.service import progress as keeping
from portal.learning.views import courses, reading

bp = Blueprint("study", __name__)
#: The form of a quiz: ``answer-<question id>`` is the option that was chosen, or each of them.
FIELD = "answer-"


@bp.before_request
def _people_only() -> None:
    """Refuse keys for programs: nobody else earns a certificate for a person."""
    if current_user.is_authenticated and current_user.is_program:
        raise Forbidden(_l("This takes a person who signs in with a browser."))


def me() -> User:
    """Return who learns."""
    user: User = current_user._get_current_object()
    return user


@bp.get("/mine")
def mine() -> str:
    """Show what a person has begun and earned."""
    tag = i18n.tag()
    known = works.listed(COURSE, tag) + works.listed(BOOK, tag)
    begun = progress.progress_in(me(), [each.work_id for each in known])
    return render_template(
        "learning/mine.html",
        begun=[(each, begun[each.work_id]) for each in known if each.work_id in begun],
        certificates=progress.certificates_of(me()),
        title_of=lambda row: certificates.title_of(row, tag),
        spaced=spaced,
        topics=TOPICS,
    )


@bp.post("/courses/<slug>/<part>/done")
def done(slug: str, part: str) -> Answer:
    """Note that a lesson is done, and go on to the next."""
    shown = courses.found(slug)
    _note(shown, part, is_done=True)
    return redirect(_next_of(shown, part), 303)


@bp.post("/read/<slug>/<part>/done")
def read(slug: str, part: str) -> Answer:
    """Note that a chapter is read, and go on to the next."""
    shown = reading.found(slug)
    _note(shown, part, is_done=True)
    return redirect(_next_of(shown, part), 303)


@bp.post("/read/<slug>/<part>/place")
def place(slug: str, part: str) -> tuple[str, int]:
    """Note how far a person is in a chapter: ``place`` in percent."""
    given = request.form.get("place", "")
    if not given.isascii() or not given.isdigit():
        raise Invalid(_l("A place is a whole number of percent."))
    _note(reading.found(slug), part, at=int(given[:6]))
    return "", 204


def _note(shown: Shown, part: str, *, at: int = 0, is_done: bool = False) -> None:
    if shown.part(part) is None:
        abort(404)
    try:
        with transaction():
            keeping.note(me().person_id, shown.work_id, part, place=at, done=is_done)
    except IntegrityError:  # noted by another window at the same moment: now it is there
        with transaction():
            keeping.note(me().person_id, shown.work_id, part, place=at, done=is_done)


def _next_of(shown: Shown, part: str) -> str:
    one = shown.part(part)
    following = shown.beside(one)[1] if one else None
    return following.path if following else shown.path


@bp.route("/courses/<slug>/quiz", methods=["GET", "POST"])
def begin(slug: str) -> Answer | str:
    """Begin the quiz of a course, or go on with the attempt that is open."""
    shown = courses.found(slug)
    known = progress.progress_of(me(), shown.work_id)
    tries = progress.attempts_of(me(), shown.work_id)
    running = next((each for each in tries if each.ended_at is None), None)
    refusal = None if running else _refusal(shown, known)
    if request.method == "POST":
        if refusal is not None:
            raise refusal
        return redirect(url_for(".attempt", ref=_begun(shown)), 303)
    return render_template(
        "learning/quiz_start.html",
        shown=shown,
        attempts=tries,
        running=running,
        refusal=refusal,
        percent=quiz.percent,
        a_day=quiz.A_DAY,
    )


def _refusal(shown: Shown, known: progress.Done) -> Refused | None:
    """Return why the quiz cannot be begun now; None where it can."""
    lessons = [part.id for part in shown.parts]
    try:
        quiz.may_begin(lessons, list(known.done), progress.tries_today(me(), shown.work_id))
    except Refused as refusal:
        return refusal
    return None


def _begun(shown: Shown) -> str:
    def work() -> str:
        with transaction():
            on = db.session.connection()
            return quizzes.begin(me().person_id, shown.work_id, shown.version_id, on=on)

    try:
        return work()
    except IntegrityError:  # another window began it at the same moment: that one goes on
        return work()


@bp.route("/quiz/<ref>", methods=["GET", "POST"])
def attempt(ref: str) -> Answer | tuple[str, int] | str:
    """Ask the questions of an attempt; once it is handed in, explain every one."""
    row = progress.attempt_for(me(), ref)
    if row.ended_at is not None:
        return _result(row, NameForm(name=me().name))
    shown = works.version_of(row.version_id, i18n.tag())
    if request.method == "POST":
        return _answered(row, shown)
    return _questions(row, shown, row.answers, {})


def _answered(row: AnyRow, shown: Shown) -> Answer | tuple[str, int]:
    given = {q["id"]: request.form.getlist(FIELD + q["id"]) for q in shown.questions}
    try:
        with transaction():
            on = db.session.connection()
            if request.form.get("act") == "keep":
                quizzes.keep(row, given, on=on)
            else:
                quizzes.hand_in(row, given, kind=row.kind, slug=row.slug, on=on)
    except Invalid as missing:
        wrong = {each.field: str(each.message) for each in missing.errors}
        return _questions(row, shown, given, wrong), 422
    if request.form.get("act") == "keep":
        flash(_("Your answers are kept. Come back whenever you like."), "good")
        return redirect(url_for(".begin", slug=row.slug), 303)
    return redirect(url_for(".attempt", ref=row.ref), 303)


def _questions(row: AnyRow, shown: Shown, answers: Any, wrong: dict[str, str]) -> str:
    return render_template(
        "learning/quiz.html",
        attempt=row,
        shown=shown,
        questions=quiz.shuffled(shown.questions, row.seed),
        answers=answers,
        wrong=wrong,
        field=FIELD,
        MULTIPLE=quiz.MULTIPLE,
    )


def _result(row: AnyRow, form: NameForm) -> Any:
    shown = works.version_of(row.version_id, i18n.tag())
    result = quiz.mark(shown.questions, row.answers, shown.settings["pass_percent"])
    html = render_template(
        "learning/result.html",
        attempt=row,
        shown=shown,
        result=result,
        marked={one.id: one for one in result.marked},
        questions=quiz.shuffled(shown.questions, row.seed),
        certificate=progress.certificate_for(me(), row.work_id),
        form=form,
        spaced=spaced,
    )
    return filled(html, form)


@bp.post("/quiz/<ref>/certificate")
def certify(ref: str) -> Any:
    """Issue the certificate of a passed attempt to the name its holder agrees to."""
    row = progress.attempt_for(me(), ref)
    form = NameForm(request.form)
    if not form.validate():
        return _result(row, form)
    with transaction():
        number = certifying.issue(row, form.name.data, slug=row.slug, on=db.session.connection())
    flash(_("Your certificate is ready."), "good")
    return redirect(url_for(".certificate", number=number), 303)


@bp.get("/certificates/<number>")
def certificate(number: str) -> str:
    """Show a certificate of one's own, with its paper and the link that proves it."""
    row = progress.own_certificate(me(), number)
    return render_template(
        "learning/certificate.html",
        certificate=row,
        course=certificates.title_of(row, i18n.tag()),
        number=spaced(row.number),
        verify_url=_verify_url(row.number),
    )


@bp.get("/certificates/<number>.pdf")
def certificate_paper(number: str) -> Response:
    """Return the paper of a certificate of one's own."""
    row = progress.own_certificate(me(), number)
    limits.spend("certificate", me().person_id)
    said = Said(
        number=row.number,
        name=row.name,
        course=certificates.title_of(row, i18n.tag()),
        lessons=row.lessons,
        score=row.score,
        issued_on=f"{i18n.local(row.issued_at):%Y-%m-%d}",
        verify_url=_verify_url(row.number),
    )
    answer = Response(paper.draw(said, look.centre()), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{row.number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _verify_url(number: str) -> str:
    return abroad(url_for("certificates.verify", number=number))


__all__ = ["BOOK", "bp"]
