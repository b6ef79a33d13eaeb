"""The queue of messages: what waits by its clock, what waits for the board, what was put aside."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.rules import plain
from portal.core import clock, pagination, spam
from portal.core.i18n import gettext as _
from portal.core.links import with_query
from portal.enquiries import rules
from portal.enquiries.desk.blueprint import asker, bp
from portal.enquiries.queries import calls, desk
from portal.enquiries.queries.desk import Wanted

FILTERS = ("tab", "topic", "q", "who", "company", "from", "to")


@bp.get("")
def index() -> str:
    """Show the queue, filtered as its address says."""
    return render_template("enquiries/desk/index.html", **_queue())


@bp.get("/suppliers")
def suppliers() -> Response:
    """Show what suppliers offer: the queue of the buyers."""
    return redirect(address({"topic": rules.SUPPLIER}))


@bp.get("/list")
def rows() -> str:
    """Return tabs and rows anew, for pages that follow the inbox."""
    return render_template("enquiries/desk/_list.html", **_queue())


def kept(**changes: str) -> dict[str, str]:
    """Return the filters of the address, some changed."""
    asked = {name: plain(request.args.get(name, "")).strip()[:200] for name in FILTERS} | changes
    return {name: value for name, value in asked.items() if value}


def address(asked: dict[str, str], endpoint: str = "messages_desk.index") -> str:
    """Return the address of a list with these filters."""
    return with_query(url_for(endpoint), asked.items())


def wanted(companies: list[tuple[str, str, int]]) -> Wanted:
    """Return the filters of the address; what is unknown shows nothing rather than all."""
    args = kept()
    company = {ref: id_ for ref, _name, id_ in companies}.get(args.get("company", ""), 0)
    return Wanted(
        tab=args.get("tab", "all" if args.get("q") else "open"),
        topic=args.get("topic", ""),
        text=args.get("q", ""),
        who=args.get("who", ""),
        since=_day(args.get("from")),
        until=_day(args.get("to"), 1),
        company_id=company if "company" in args else None,
    )


def _day(text: str | None, days: int = 0) -> datetime | None:
    try:
        day = date.fromisoformat(text or "")
        return datetime.combine(day + timedelta(days=days), time(), clock.zone())
    except (ValueError, OverflowError):
        return None


def _queue() -> dict[str, Any]:
    user, companies = asker(), desk.known_companies()
    asked = wanted(companies)
    after = request.args.get("after")
    page = desk.queue_for(
        user, asked, after=after, limit=pagination.limit(request.args.get("limit"))
    )
    counts = desk.counts_for(user)
    return {
        "page": page,
        "wanted": asked,
        "kept": kept(),
        "counts": counts,
        "tabs": _tabs(counts, asked.tab),
        "chips": _chips(companies),
        "first": address(kept()) if after else None,
        "older": page.next and address({**kept(), "after": page.next}),
        "fragment": address({**kept(), **_place()}, "messages_desk.rows"),
        "topics": rules.TOPICS,
        "topic_options": [("", _("All topics")), *((k, str(v)) for k, v in rules.TOPICS.items())],
        "who_options": _whose(),
        "company_options": [("", _("All")), *((ref, name) for ref, name, _id in companies)],
        "state_text": rules.STATE_TEXT,
        "reasons": spam.in_words,
        "calls_due": calls.due_count() if user.may("messages.see") else 0,
        "inbox": "" if user.may("messages.see") else "supplier",
        "present": clock.now(),
    }


def _place() -> dict[str, str]:
    return {name: request.args[name] for name in ("after", "limit") if request.args.get(name)}


def _tabs(counts: dict[str, int], tab: str) -> list[tuple[Any, ...]]:
    names = {
        "open": _("To answer"),
        "overdue": _("Past its clock"),
        "mine": _("Mine"),
        "unpublished": _("For the board"),
        "published": _("Published"),
        "answered": _("Answered"),
        "hidden": _("Hidden"),
        "spam": _("Spam"),
        "all": _("All"),
    }
    return [
        (
            text,
            address(kept(tab=name)),
            name == tab,
            counts.get(name),
            name == "overdue" and counts[name],
        )
        for name, text in names.items()
    ]


def _whose() -> list[tuple[str, str]]:
    people = [(str(person.id), person.name) for person in desk.colleagues()]
    return [("", _("Everybody’s")), ("me", _("Mine")), ("nobody", _("Nobody’s yet")), *people]


def _chips(companies: list[tuple[str, str, int]]) -> list[tuple[str, str]]:
    args = kept()
    names = {ref: name for ref, name, _id in companies}
    said = {
        "topic": str(rules.TOPICS.get(args.get("topic", ""), "?")),
        "q": f"“{args.get('q', '')}”",
        "who": dict(_whose()).get(args.get("who", ""), "?"),
        "company": names.get(args.get("company", ""), "?"),
        "from": _("from %(day)s", day=args.get("from", "")),
        "to": _("until %(day)s", day=args.get("to", "")),
    }
    return [(text, address(kept(**{key: ""}))) for key, text in said.items() if key in args]
