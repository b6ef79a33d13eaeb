"""What people write is shown as they wrote it, and never as anything else."""

import csv
import io
import re

import pytest
from PIL import Image

from portal.consignments.models import Consignment
from portal.core import files
from portal.core.db import db
from portal.core.errors import Invalid, NotFound
from portal.core.scope import CENTRE
from tests.api.bodies import PARTY, PIECE, order
from tests.exchange.importing import GOOD, HEAD
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_key,
    make_person,
    push,
)
from tests.security import hostile

EVIL = "<img src=x onerror=alert(1)>'\"{{7*7}}"
RAW = "<img src=x onerror"
FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil")', "＝1+1")


def _clean(reply, at):
    assert reply.status_code < 500, at
    if reply.mimetype == "text/html":
        assert RAW not in reply.text, at
        assert "49'" not in reply.text, at


@pytest.fixture
def poisoned(app, as_user, with_key):
    """Return browsers of a company all of whose texts are hostile, and the number."""
    company = make_company(name=EVIL, name_en=EVIL, city=EVIL)
    owner = make_colleague(company, name=EVIL)
    make_colleague(company, "viewer", name=EVIL)
    staff = make_dispatcher(name=EVIL)
    program, desk = with_key(make_key(owner, company)), with_key(make_key(staff))
    party = {**PARTY, "name": EVIL, "address": EVIL, "city": EVIL}
    body = order(
        order_ref=EVIL,
        consignor=party,
        consignee=party,
        pieces=[{**PIECE, "goods": EVIL}],
        note=EVIL,
    )
    no = program.post("/api/v1/consignments", body).json["no"]
    for code in ("picked_up", "note", "incident"):
        said = {"code": code, "place": {"text": EVIL}, "note": EVIL, "source_event_id": EVIL + code}
        assert desk.post(f"/api/v1/consignments/{no}/events", said).status_code == 201
    member = as_user(owner)
    member.post(
        "/portal/addresses/new",
        {**{k: party[k] for k in ("name", "phone", "address", "city", "country")}, "postcode": ""},
    )
    member.post(
        f"/portal/consignments/{no}/links", {"label": EVIL, "precision": "full", "days": "3"}
    )
    member.post("/portal/company/keys/new", {"label": EVIL, "scopes": "figures.see", "days": "30"})
    sheet = (
        HEAD.replace("\n", f',"{EVIL.replace(chr(34), "")}"\n')
        + GOOD.replace("\n", f",{RAW}=alert(1)>\n")
    ).encode()
    at = member.post(
        "/portal/imports", {"file": (io.BytesIO(sheet), EVIL.replace("/", "") + ".csv")}
    )
    return (
        member,
        as_user(staff),
        as_user(make_person(staff_role="admin", name=EVIL)),
        no,
        at.headers["Location"],
    )


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_no_page_takes_what_people_wrote_for_its_own(app, browser, poisoned, language):
    member, dispatcher, admin, no, at = poisoned
    ref = at.split("/")[3]
    for who in (member, dispatcher, admin, browser):
        for rule in app.url_map.iter_rules():
            if (
                "GET" not in rule.methods
                or rule.rule.startswith(("/api/", "/static"))
                or "format" in rule.rule
            ):
                continue
            path = re.sub(
                r"<(?:[^:<>]+:)?([^<>]+)>",
                lambda m: {"no": no, "ref": ref}.get(m[1], "1"),
                rule.rule,
            )
            _clean(who.get(f"{path}?lang={language}", buffered=True), path)


def test_no_page_throws_back_what_was_asked(app, browser, as_user):
    no = make_consignment().no
    asked = "&".join(
        f"{name}={EVIL.replace('&', '')}"
        for name in "q no status city from to sort after company service queue lang theme standing copy next".split()
    )
    for who in (
        browser,
        as_user(make_colleague()),
        as_user(make_dispatcher()),
        as_user(make_person(staff_role="admin")),
    ):
        for rule in app.url_map.iter_rules():
            if "GET" in rule.methods and rule.endpoint != "static":
                path = re.sub(
                    r"<(?:[^:<>]+:)?([^<>]+)>",
                    lambda m: no if m[1] == "no" else "%3Cimg src=x onerror=alert(1)%3E",
                    rule.rule,
                )
                reply = who.get(f"{path}?{asked}", buffered=True)
                if reply.mimetype == "text/html":
                    _clean(reply, path)


def test_no_form_shows_what_was_wrong_in_it_unescaped(app, browser, as_user):
    no = make_consignment(company := make_company()).no
    for who in (
        browser,
        as_user(make_colleague(company)),
        as_user(make_person(staff_role="admin")),
    ):
        for rule in app.url_map.iter_rules():
            if (
                "POST" not in rule.methods
                or rule.rule.startswith("/api/")
                or rule.endpoint == "sign_in.logout"
            ):
                continue
            path = re.sub(
                r"<(?:[^:<>]+:)?([^<>]+)>", lambda m: no if m[1] == "no" else "1", rule.rule
            )
            names = set(re.findall(r' name="([^"]+)"', hostile.page_of(who.get(path)))) - {
                "csrf_token"
            }
            _clean(who.post(path, dict.fromkeys(names or {"x"}, EVIL)), path)


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_no_export_holds_a_formula(as_user, with_key, file_format):
    company = make_company()
    owner = make_colleague(company)
    program, member = with_key(make_key(owner, company)), as_user(owner)
    for number, text in enumerate(FORMULAS):
        party = {**PARTY, "name": text.strip() or "x", "city": text.strip() or "x"}
        body = order(
            order_ref=f"{text.strip()}{number}",
            consignee=party,
            pieces=[{**PIECE, "goods": text}],
            note=text,
        )
        no = program.post("/api/v1/consignments", body).json["no"]
        push(no, "picked_up", place=text.strip(), note=text)
    for what in ("consignments", "pieces", "events", "addresses"):
        reply = member.get(f"/portal/exports/{what}.{file_format}", buffered=True)
        assert reply.status_code == 200
        if file_format == "csv":
            rows = list(csv.reader(io.StringIO(reply.data.decode("utf-8-sig"))))
            cells = [cell for row in rows for cell in row]
            assert not [
                c
                for c in cells
                if re.match(r"[=@\t\r＝]|[+-](?!\d+(\.\d+)?$)", c) and not re.fullmatch(r"\+\d+", c)
            ], what
        else:
            assert b"<f>" not in reply.data


@pytest.mark.parametrize(
    "key",
    ["../../etc/passwd", "/etc/passwd", "..", "", "a" * 31 + "/", "a" * 33, "\x00" * 32, "." * 32],
)
def test_no_key_of_a_file_leads_out_of_the_folder(app, key):
    with pytest.raises(NotFound):
        files.read(key)


@pytest.mark.parametrize(
    "path",
    [
        "../../config.py",
        "..%2f..%2fconfig.py",
        "%2e%2e/%2e%2e/config.py",
        "/etc/passwd",
        "....//config.py",
        "css/../../__init__.py",
        "%00",
    ],
)
def test_no_address_of_a_static_file_leads_out_of_the_folder(browser, path):
    assert browser.get(f"/static/{path}").status_code in (301, 308, 404)


def _picture(kind="JPEG", size=(20, 10), **more):
    data = io.BytesIO()
    Image.new("RGB", size, "red").save(data, kind, **more)
    return data.getvalue()


def test_a_kept_photo_holds_nothing_but_the_picture(app):
    exif = Image.Exif()
    exif[0x010E] = "13800006021 at home"
    hidden = _picture(exif=exif) + b"<script>alert(1)</script>PK\x03\x04"
    kept = files.keep_picture(hidden)
    data = files.read(kept.key)
    assert kept.media_type == "image/jpeg"
    for secret in (b"13800006021", b"script", b"PK\x03\x04"):
        assert secret not in data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + b"\x00" * 100,
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script>",
        _picture()[:60],
        _picture("PNG")[:40],
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00"
        + b"\x00" * 60,
        _picture("BMP"),
        _picture("TIFF"),
    ],
)
def test_what_is_no_photo_is_refused(app, data):
    with pytest.raises(Invalid):
        files.keep_picture(data)


def test_a_photo_whose_notes_are_broken_is_refused_and_not_a_fault(app, monkeypatch):
    def broken(_picture):
        raise TypeError("bad operand type for abs(): 'str'")

    monkeypatch.setattr(files.ImageOps, "exif_transpose", broken)
    with pytest.raises(Invalid):
        files.keep_picture(_picture())


def test_an_order_sent_twice_by_the_same_form_is_one(as_user):
    company = make_company()
    member = as_user(make_colleague(company))
    page = member.get("/portal/consignments/new").text
    names = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page))
    party = {
        "name": "周敏",
        "phone": "13800006021",
        "address": "x 1",
        "city": "杭州",
        "country": "CN",
        "postcode": "",
    }
    values = {
        "once": names.get("once", "k" * 22),
        "do": "order",
        "service": "standard",
        "order_ref": "D-1",
    }
    for side in ("consignor", "consignee"):
        values |= {f"{side}-{key}": value for key, value in party.items()}
    values |= {
        "pieces-0-goods": "x",
        "pieces-0-count": "1",
        "pieces-0-quantity": "1",
        "pieces-0-unit": "C62",
        "pieces-0-weight": "1",
    }
    first, second = (member.post("/portal/consignments/new", values) for _ in range(2))
    made = db.session.query(Consignment).execution_options(**CENTRE).count()
    assert (first.status_code, second.status_code) in ((302, 302), (422, 422))
    assert made == (1 if first.status_code == 302 else 0)
    assert first.headers.get("Location") == second.headers.get("Location")
