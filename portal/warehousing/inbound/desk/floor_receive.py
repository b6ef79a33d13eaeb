"""The floor screens of receiving: open a notice, scan goods or a pallet, say how many, finish."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.links import with_query
from portal.core.numbers import row_id
from portal.core.quantities import written
from portal.warehousing.floor import scans, tasks
from portal.warehousing.floor.commands import HOME, command
from portal.warehousing.floor.queries.waiting import presence_of
from portal.warehousing.floor.said import Answer, Said
from portal.warehousing.floor.tasks import Task
from portal.warehousing.floor.views import here_in
from portal.warehousing.goods.queries import sku_row, units_of
from portal.warehousing.goods.rules import LEVELS, unit_text
from portal.warehousing.inbound.desk import floor_saying as saying
from portal.warehousing.inbound.desk.floor_saying import SCREEN, TASK, Blind, Closing, Counted
from portal.warehousing.inbound.queries import floor as queries
from portal.warehousing.inbound.queries import one
from portal.warehousing.inbound.queries.visible import notice_for
from portal.warehousing.inbound.rules.receiving import CONDITIONS, Confirm
from portal.warehousing.inbound.service import finishing, looking, notices, receiving, slots
from portal.warehousing.inbound.shown import words
from portal.warehousing.inbound.shown.asking import asker
from portal.warehousing.sites.queries import warehouses_for

bp = Blueprint("receive_floor", __name__)
MOST = 60  # lines shown on one screen


@bp.get("")
def index() -> str | Response:
    """Show the notices that are here, and those that are expected today."""
    user = asker()
    house = here_in(warehouses_for(user), presence_of(user.person_id))
    if house is None:
        return redirect(f"{HOME}")
    return render_template(
        "warehousing/inbound/floor/receive.html",
        here=queries.here(user, house.id),
        expected=queries.expected(user, house.id),
        owners=queries.owners(),
        words=words,
    )


@bp.get("/<ref>")
def notice(ref: str) -> str:
    """Show one notice that is being received: what is still to come, and what was scanned."""
    row = notice_for(asker(), ref)
    lines = one.lines_of(row)
    return render_template(
        "warehousing/inbound/floor/notice.html",
        notice=row,
        lines=lines[:MOST],
        waiting=[line for line in lines if line.received < line.announced][:MOST],
        done=sum(line.received >= line.announced for line in lines if line.announced),
        count=sum(1 for line in lines if line.announced),
        sscc=request.args.get("sscc", "")[:18],
        words=words,
    )


@bp.get("/<ref>/goods")
def goods(ref: str) -> str:
    """Ask how many came of the goods that were scanned, and for what the label did not say."""
    row = notice_for(asker(), ref)
    sku_id = request.args.get("sku", type=row_id) or 0
    on, confirm = db.session.connection(), request.args.get("confirm", "")
    sku = sku_row(sku_id, row.company_id, on)
    units = units_of([sku_id], row.company_id, on).get(sku_id, [])
    return render_template(
        "warehousing/inbound/floor/goods.html",
        notice=row,
        sku=sku,
        levels=[("each", LEVELS["each"]), *((u.level, LEVELS[u.level]) for u in units)],
        holds={u.level: written(u.holds) for u in units},
        lines=[line for line in one.lines_of(row) if line.sku_id == sku_id],
        asked=saying.asked_in(request.args),
        question=saying.question(confirm),
        may_allow=not saying.is_for_supervisors(confirm) or asker().may("warehouse.supervise"),
        conditions=list(CONDITIONS.items()),
        unit_text=unit_text,
        words=words,
    )


@bp.get("/<ref>/finish")
def end(ref: str) -> str:
    """Ask once more before receiving is finished: what is short or over."""
    row = notice_for(asker(), ref)
    return render_template(
        "warehousing/inbound/floor/finish.html",
        notice=row,
        found=queries.expected_differences(row),
        words=words,
        kinds=words.TABLES["kinds"],
    )


@bp.post("/open")
@command("inbound.open", Said)
def open_notice(said: Said, by: User, on: Connection) -> Answer:
    """Open the notice whose reference, or whose announced pallet, was scanned."""
    scan = scans.need(scans.parse(said.scan), "reference", "sscc")
    ref = looking.notice_of(scan.sscc or scan.text, on)
    if ref is None:
        raise scans.unknown(scan)
    looking.check_notice(ref, by, on)
    return Answer(say=_l("Notice %(ref)s.", ref=ref), next=f"{SCREEN}/{ref}", task=(TASK, ref))


@bp.post("/<ref>/arrive")
@command("inbound.arrive", Said)
def arrive(said: Said, by: User, on: Connection, ref: str) -> Answer:
    """Note that the vehicle is here."""
    looking.check_notice(ref, by, on)
    slots.arrive(ref, by=by.person_id, on=on)
    return Answer(
        say=_l("%(ref)s has arrived. Scan the goods.", ref=ref),
        next=f"{SCREEN}/{ref}",
        task=(TASK, ref),
    )


@bp.post("/blind")
@command("inbound.blind", Blind)
def blind(said: Blind, by: User, on: Connection) -> Answer:
    """Begin to receive what nobody announced."""
    company_id = looking.company_of(said.company, on)
    house = looking.house_of(by, on)
    made = notices.blind(company_id, house, by=by.person_id, on=on)
    slots.arrive(made.ref, by=by.person_id, on=on)
    return Answer(
        say=_l("%(ref)s is open. Scan the goods.", ref=made.ref),
        next=f"{SCREEN}/{made.ref}",
        task=(TASK, made.ref),
    )


@bp.post("/<ref>/scan")
@command("inbound.look", Said)
def look(said: Said, by: User, on: Connection, ref: str) -> Answer:
    """Take a scan: a pallet that was announced, or goods; ask for what the label did not say."""
    looking.check_notice(ref, by, on)
    scan = scans.need(scans.parse(said.scan), "goods", "sscc")
    seen = looking.seen(ref, scan, on)
    if seen.sku is None:
        return Answer(
            say=_l("This pallet was not announced. Scan the goods on it."),
            cue="warn",
            next=with_query(f"{SCREEN}/{ref}", [("sscc", seen.sscc)]),
            task=(TASK, ref),
        )
    return Answer(
        say=_l("%(code)s: how many?", code=seen.sku.code),
        next=with_query(f"{SCREEN}/{ref}/goods", seen.args()),
        task=(TASK, ref),
    )


def take_back(given: Mapping[str, Any], by: User, on: Connection) -> Answer:
    """Take the last scan back."""
    code = receiving.undo(given["movement"], given["ref"], by=by.person_id, on=on)
    return Answer(say=_l("Taken back: %(code)s.", code=code), next=f"{SCREEN}/{given['ref']}")


@bp.post("/<ref>/receive")
@command("inbound.receive", Counted, undo=take_back)
def receive(said: Counted, by: User, on: Connection, ref: str) -> Answer:
    """Take goods in."""
    looking.check_notice(ref, by, on)
    confirmed = set(said.confirmed.split(",")) - {""}
    if {"over", "days"} & confirmed and not by.may("warehouse.supervise"):
        raise Refused(_l("A supervisor signs in and allows this."))
    if {"over", "days"} & confirmed and not said.reason:
        raise Refused(_l("Say why it is allowed."))
    try:
        came = receiving.receive(ref, saying.scanned(said, confirmed), by=by.person_id, on=on)
    except Confirm as asked:
        return saying.ask(asked, said, ref)
    much = words.amount_lazy(came.quantity, came.sku.unit)
    return Answer(
        say=_l("%(code)s: %(much)s received.", code=came.sku.code, much=much),
        cue="good" if said.condition == "good" else "warn",
        next=f"{SCREEN}/{ref}",
        task=(TASK, ref),
        undo={"movement": came.movement_id, "ref": ref},
        data={"line": came.position, "received": written(came.received)},
    )


@bp.post("/<ref>/end")
@command("inbound.finish", Closing)
def finish(said: Closing, by: User, on: Connection, ref: str) -> Answer:
    """Finish receiving, or close the receipt of this vehicle."""
    looking.check_notice(ref, by, on)
    if said.more:
        finishing.close_receipt(ref, note=said.note, by=by.person_id, on=on)
        return Answer(
            say=_l("The receipt is closed. %(ref)s stays open for the rest.", ref=ref),
            next=SCREEN,
            task=(TASK, ref),
            done=True,
        )
    found = finishing.finish(ref, note=said.note, by=by.person_id, on=on)
    say = (
        _l("%(ref)s is received, with %(count)s differences.", ref=ref, count=len(found))
        if found
        else _l("%(ref)s is received as announced.", ref=ref)
    )
    cue = "warn" if found else "good"
    return Answer(say=say, cue=cue, next=f"{HOME}/put-away", task=(TASK, ref), done=True)


def waiting(user: User, warehouse_id: int) -> list[Task]:
    """Return the notices that are here and not yet received, for the floor and its board."""
    return [
        Task(
            ref=row.ref,
            kind=TASK,
            title=f"{row.company} · {row.supplier or row.order_ref or row.ref}",
            url=f"{SCREEN}/{row.ref}",
            where=row.dock or "",
            priority=30 if row.status == "receiving" else 40,
            due_at=row.expected_at,
            since=words.reached_at(row, "arrived"),
        )
        for row in queries.here(user, warehouse_id)
    ]


tasks.provide(TASK, _l("Receive"), waiting)
tasks.provide_screen("receive_floor.index", _l("Receive goods"))
