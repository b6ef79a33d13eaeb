"""The desk's queue of incidents, and one of them: who works on it, and what was done."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.consignments.desk.board import SERVICES
from portal.consignments.queries import board as companies
from portal.consignments.queries import incidents as queries
from portal.consignments.queries.incidents import Wanted
from portal.consignments.rules import expected, numbers
from portal.consignments.rules import incident_words as words
from portal.consignments.rules.incidents import MOVES, UNSETTLED, Kind, State
from portal.consignments.rules.promise import Service
from portal.consignments.service.incidents import handling
from portal.consignments.shown.asked import clean
from portal.consignments.shown.promised import range_text
from portal.core import clock, pagination
from portal.core.db import db, transaction
from portal.core.errors import Invalid, Refused
from portal.core.i18n import gettext as _
from portal.core.links import with_query

bp = Blueprint("incidents_desk", __name__)
FILTERS = ("state", "kind", "company", "service", "who", "overdue", "no")
LONGEST_NOTE = 2000
Answer = str | Response | tuple[str, int]
#: What was done last, kept in the session so that it can be taken back.
_UNDO = "incidents done"
_DONE = {
    "acknowledged": lambda n: _("Acknowledged: %(num)s.", num=n),
    "working": lambda n: _("Taken on: %(num)s.", num=n),
    "assigned": lambda n: _("Handed over: %(num)s.", num=n),
    "resolved": lambda n: _("Resolved: %(num)s.", num=n),
    "written_off": lambda n: _("Written off: %(num)s.", num=n),
}


@bp.get("")
def index() -> str:
    """Show the queue, the soonest due first."""
    return render_template("consignments/desk/incidents.html", **_queue(), **_undoable())


@bp.get("/queue")
def queue() -> str:
    """Show tabs and rows anew, for pages that follow the board."""
    return render_template("consignments/desk/_incidents.html", **_queue())


@bp.post("")
def act() -> Response:
    """Acknowledge, take or hand over the ticked ones."""
    refs = list(dict.fromkeys(request.form.getlist("ref")))[: handling.MOST]
    if not refs:
        raise Invalid(_("Tick incidents first."))
    _do(request.form.get("act", ""), refs)
    return _back()


@bp.post("/undo")
def undo() -> Response:
    """Take back what this person did last, within the minute."""
    done = session.pop(_UNDO, None) or {"refs": []}
    if not done["refs"]:
        raise Refused(_("There is nothing to undo any more."))
    with transaction():
        number = handling.undo(done["refs"], by=_user().person_id, on=db.session.connection())
    flash(_("Undone: %(num)s.", num=number), "good")
    return _back()


@bp.get("/<ref>")
def detail(ref: str) -> str:
    """Show one incident."""
    return _page(ref)


@bp.get("/<ref>/state")
def state(ref: str) -> str:
    """Show its state and steps anew, for pages that follow the consignment."""
    return render_template("consignments/desk/_incident.html", **_everything(ref))


@bp.post("/<ref>")
def step(ref: str) -> Answer:
    """Do one thing about one incident: the button says which."""
    queries.incident_for(_user(), ref)
    asked = request.form.get("act", "")
    try:
        if asked == "noted":
            _say(ref)
        elif asked in (State.RESOLVED, State.WRITTEN_OFF):
            _close(ref, asked)
        else:
            _do(asked, [ref])
    except Invalid as wrong:
        return _page(ref, wrong), 422
    return redirect(url_for(".detail", ref=ref))


def _do(act: str, refs: list[str]) -> None:
    by = _user().person_id
    with transaction():
        on = db.session.connection()
        if act == "assigned":
            person = request.form.get("person", "")
            number = handling.assign(refs, int(person) if person.isdigit() else 0, by=by, on=on)
        elif act in (State.ACKNOWLEDGED, State.WORKING):
            number = handling.advance(refs, act, by=by, on=on)
        else:
            raise Invalid(_("Choose what to do."))
    _say_done(act, refs, number)


def _close(ref: str, to: str) -> None:
    reason = request.form.get(f"reason_{to}", "")
    with transaction():
        handling.close(
            [ref],
            to,
            reason=reason,
            note=_note(),
            note_visible=bool(request.form.get("visible")),
            by=_user().person_id,
            on=db.session.connection(),
        )
    _say_done(to, [ref], 1)


def _say(ref: str) -> None:
    note = _note()
    if not note:
        raise Invalid(_("Write the note first."))
    visible = bool(request.form.get("visible"))
    with transaction():
        on = db.session.connection()
        handling.say(ref, note, owner_visible=visible, by=_user().person_id, on=on)
    flash(_("The note is kept."), "good")


def _note() -> str | None:
    lines = (clean(line) for line in request.form.get("note", "")[:LONGEST_NOTE].splitlines())
    return "\n".join(lines).strip() or None


def _say_done(act: str, refs: list[str], number: int) -> None:
    if number:
        session[_UNDO] = {"refs": refs, "act": act, "until": _until()}
        flash(_DONE[act](number), "good")
    else:
        flash(_("Nothing changed: they are past that already."))


def _until() -> float:
    return (clock.now() + handling.UNDO_WITHIN).timestamp()


def _undoable() -> dict[str, Any]:
    done = session.get(_UNDO) or {}
    return {"undoable": done.get("until", 0) > clock.now().timestamp()}


def _back() -> Response:
    """Return to the list as it was filtered, which the form's address names."""
    return redirect(_address(_kept()))


def _address(asked: dict[str, str], endpoint: str = "incidents_desk.index") -> str:
    return with_query(url_for(endpoint), asked.items())


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


def _kept(**changes: str) -> dict[str, str]:
    asked = {name: clean(request.args.get(name, "")) for name in FILTERS} | changes
    return {name: value for name, value in asked.items() if value}


def _wanted(members: list[tuple[str, str, int]]) -> Wanted:
    """Return the filters of the address; what is unknown shows nothing rather than all."""
    args = _kept()
    company = {ref: id_ for ref, _name, id_ in members}.get(args.get("company", ""), 0)
    who = args.get("who")
    return Wanted(
        state=args.get("state", ""),
        kind=args.get("kind", ""),
        service=args.get("service", ""),
        company_id=company if "company" in args else None,
        handler_id=_user().person_id if who == "me" else None,
        nobody=who == "nobody",
        overdue="overdue" in args,
        consignment=numbers.normalise(args.get("no", "")),
    )


def _queue() -> dict[str, Any]:
    user, members = _user(), companies.members()
    wanted = _wanted(members)
    after = request.args.get("after")
    limit = pagination.limit(request.args.get("limit", str(queries.SHOWN)))
    page = queries.incidents_for(user, wanted, after=after, limit=limit)
    counts = queries.counts_for(user, wanted.company_id)
    states = queries.by_state(counts)
    return {
        "page": page,
        "wanted": wanted,
        "kept": _kept(),
        "here": _address(_kept()),
        "fragment": _address({**_kept(), **_place()}, "incidents_desk.queue"),
        "undo_here": _address(_kept(), "incidents_desk.undo"),
        "first": _address(_kept()) if after else None,
        "older": page.next and _address({**_kept(), "after": page.next}),
        "tabs": _tabs(states, wanted),
        "kinds": _kinds(counts),
        "services": [("", _("All services")), *((k, str(SERVICES[k])) for k in Service)],
        "company_options": [("", _("All companies")), *((r, name) for r, name, _id in members)],
        "whose": _whose(),
        "chips": _chips({r: name for r, name, _id in members}),
        "overdue_count": queries.overdue_count_for(user),
        "most_counted": queries.MOST_COUNTED,
        "handlers": handling.handlers(db.session.connection()),
        **_common(),
    }


def _place() -> dict[str, str]:
    """Return where in the list the page stands, for the part that follows it."""
    return {name: request.args[name] for name in ("after", "limit") if request.args.get(name)}


def _tabs(states: dict[str, int], wanted: Wanted) -> list[tuple[Any, ...]]:
    named = [("", _("To do")), *((s, words.STATE_TEXT[s]) for s in State)]
    return [
        (text, _address(_kept(state=str(s))), wanted.state == s, states[s], s == "open")
        for s, text in named
    ]


def _kinds(counts: dict[tuple[str, str], int]) -> list[tuple[str, str]]:
    """Return the classes with how many of each are to be done."""
    left = {kind: sum(counts.get((kind, s), 0) for s in UNSETTLED) for kind in Kind}
    named = [
        (str(k), f"{words.kind_text(k)} ({n})" if n else words.kind_text(k))
        for k, n in left.items()
    ]
    return [("", _("All classes")), *named]


def _whose() -> list[tuple[str, str]]:
    return [("", _("Everybody’s")), ("me", _("Mine")), ("nobody", _("Nobody’s yet"))]


def _chips(names: dict[str, str]) -> list[tuple[str, str]]:
    kept = _kept()
    said = {
        "kind": words.kind_text(kept.get("kind", "")),
        "company": names.get(kept.get("company", ""), "?"),
        "service": str(SERVICES.get(kept.get("service", ""), "?")),  # type: ignore[call-overload]
        "who": dict(_whose()).get(kept.get("who", ""), "?"),
        "overdue": _("Past its clock"),
        "no": kept.get("no", ""),
    }
    return [(text, _address(_kept(**{k: ""}))) for k, text in said.items() if k in kept]


def _page(ref: str, wrong: Invalid | None = None) -> str:
    return render_template(
        "consignments/desk/incident.html",
        wrong=wrong,
        form=request.form,
        handlers=handling.handlers(db.session.connection()),
        resolved=_options(words.RESOLVED),
        written_off=_options(words.WRITTEN_OFF),
        **_everything(ref),
        **_undoable(),
    )


def _options(reasons: dict[str, Any]) -> list[tuple[str, str]]:
    return [("", _("Choose")), *((code, str(text)) for code, text in reasons.items())]


def _everything(ref: str) -> dict[str, Any]:
    incident = queries.incident_for(_user(), ref)
    early, at, late = expected.delivery(incident, clock.now())
    return {
        "incident": incident,
        "expected_at": at,
        "expected_range": range_text(early, late),
        "steps": queries.steps_of(incident, internal=True),
        "may_move": MOVES[State(incident.state)],
        **_common(),
    }


def _common() -> dict[str, Any]:
    return {
        "kind_text": words.kind_text,
        "state_text": words.STATE_TEXT,
        "reason_text": words.closing_text,
        "action_text": words.ACTION_TEXT,
        "opened_by_text": words.OPENED_BY_TEXT,
        "advice": words.advice,
        "me": current_user.person_id,
        "late_since": clock.now(),
    }
