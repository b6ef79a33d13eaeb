"""Answering what the desk has asked: only the answers that were named can be changed."""

from typing import Any

from flask import redirect, render_template, request, url_for

from portal.core import limits
from portal.core.db import transaction
from portal.core.errors import Invalid
from portal.membership import service
from portal.membership.models import Application, Ask
from portal.membership.queries import around, questionnaires
from portal.membership.rules.questions import Question, Version
from portal.membership.rules.reading import clean
from portal.membership.rules.states import State
from portal.membership.views import filling
from portal.membership.views.beginning import to_present
from portal.membership.views.blueprint import Answer, application, bp, remembered


@bp.route("/<ref>/answer", methods=["GET", "POST"])
def answer(ref: str) -> Answer:
    """Show the answers that were asked for; keep and send what is changed."""
    mine = application(ref)
    ask = around.open_ask(mine)
    if mine.state != State.INFO_REQUESTED or ask is None:
        return to_present(mine)
    version = questionnaires.version_of(mine)
    asked = tuple(version.by_key[key] for key in ask.keys if key in version.by_key)
    wrong: list[Any] = []
    if request.method == "POST":
        wrong = _keep(ref, version, asked)
        if not wrong and request.form.get("do", "send") == "send":
            return remembered(redirect(url_for(".show", ref=ref), 303), mine)
    mine = application(ref)
    page = _page(mine, around.open_ask(mine) or ask, asked, wrong)
    return remembered((page, 422) if wrong else page, mine)


def _keep(ref: str, version: Version, asked: tuple[Question, ...]) -> list[Any]:
    """Keep what is sent and hand it to the desk if that is wanted; return what is wrong."""
    limits.spend("application_save")
    do = request.form.get("do", "send")
    values = filling.without_removed(filling.posted(asked), do)
    kept, refused = filling.sent_files(asked)
    with transaction():
        mine = application(ref, lock=True)
        ask = around.open_ask(mine)
        service.keep(mine, ask, values)
        _papers(mine, ask, kept, do)
    if refused or do != "send":
        return refused
    try:
        with transaction():
            mine = application(ref, lock=True)
            words = clean(request.form.get("words", ""))
            service.answer(mine, version, around.open_ask(mine), words)
    except Invalid as error:
        return error.errors
    return []


def _papers(mine: Application, ask: Ask | None, kept: list[Any], do: str) -> None:
    """Add and take away papers, and note what there was before."""
    with service.noting_papers(mine, ask):
        filling.add_files(mine, kept)
        filling.take_away(mine, do)


def _page(mine: Application, ask: Ask, asked: tuple[Question, ...], wrong: list[Any]) -> str:
    verb, _colon, key = request.form.get("do", "").partition(":")
    return render_template(
        "membership/answer.html",
        application=mine,
        ask=ask,
        questions=asked,
        adding=key if verb == "add" else "",
        **filling.field_names(around.answers_of(mine), wrong, asked),
    )
