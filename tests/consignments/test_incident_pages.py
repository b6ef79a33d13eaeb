"""The pages of incidents: the queue, one of them, what the owner sees, the link in the mail."""

import re

import pytest
from sqlalchemy import select

from portal.consignments.models import Incident
from portal.consignments.service.incidents import muting
from portal.core import scope
from portal.core.db import db
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_key,
    make_person,
    push,
)

URL = "/desk/incidents"


def ref_of(no):
    db.session.rollback()
    query = select(Incident.ref).order_by(Incident.id.desc())
    return db.session.scalars(query.execution_options(**scope.CENTRE)).first()


@pytest.fixture
def company():
    return make_company()


@pytest.fixture
def desk(as_user):
    return as_user(make_dispatcher())


def trouble(company=None, reason="damaged", **more):
    """Report trouble with a new consignment; return its number."""
    no = make_consignment(company).no
    push(no, "picked_up")
    push(no, "incident", reason=reason, **more)
    return no


def test_an_empty_queue_says_so(desk):
    assert "Nothing is wrong" in desk.get(URL).text


def test_the_queue_shows_what_is_to_be_done_and_counts_it(desk, company):
    numbers = [trouble(company), trouble(company, "temperature")]
    page = desk.get(URL).text
    assert all(no in page.replace(" ", "") or no in page for no in numbers)
    # The shorter clock stands first.
    assert page.index("Temperature out of range</a>") < page.index("Damage</a>")
    assert re.search(r'To do <span class="count">2', page)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("kind=damage", True),
        ("kind=temperature", False),
        ("state=open", True),
        ("state=working", False),
        ("state=resolved", False),
        ("state=nonsense", False),
        ("service=standard", True),
        ("service=express", False),
        ("who=me", False),
        ("who=nobody", True),
        ("overdue=1", False),
        ("company=NOSUCH", False),
        ("no=QS00000000000Z", False),
    ],
)
def test_filters_stand_in_the_address(desk, company, query, fits):
    trouble(company)
    page = desk.get(f"{URL}?{query}")
    assert page.status_code == 200
    assert ("Damage</a>" in page.text) is fits


def test_pages_go_on_behind_a_cursor(desk, company):
    for _ in range(3):
        trouble(company)
    first = desk.get(f"{URL}?limit=2").text
    older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert first.count("data-row") == 2
    assert desk.get(older + "&limit=2").text.count("data-row") == 1


def test_a_cursor_that_is_not_ours_is_refused(desk):
    assert desk.get(f"{URL}?after=rubbish").status_code == 422


def test_ticked_ones_are_acknowledged_together_and_it_is_undone(desk, company):
    refs = []
    for _ in range(2):
        trouble(company)
        refs.append(ref_of(None))
    reply = desk.post(f"{URL}?kind=damage", {"ref": refs, "act": "acknowledged"})
    assert reply.status_code == 302
    assert reply.location.endswith("?kind=damage")
    page = desk.get(URL).text
    assert "Acknowledged: 2." in page
    assert page.count("<small>nobody yet</small>") == 2
    assert desk.post(f"{URL}/undo").status_code == 302
    assert "Undone: 2." in desk.get(URL).text
    assert desk.post(f"{URL}/undo").status_code == 409


@pytest.mark.parametrize(
    "form", [{}, {"ref": "INOSUCH", "act": "working"}, {"ref": "x", "act": ""}]
)
def test_nonsense_is_refused(desk, form):
    assert desk.post(URL, form).status_code in (404, 422)


def test_one_incident_goes_through_its_steps(desk, company):
    no = trouble(company)
    ref = ref_of(no)
    for act, said in (("acknowledged", "Acknowledged"), ("working", "Being worked on")):
        assert desk.post(f"{URL}/{ref}", {"act": act}).status_code == 302
        assert said in desk.get(f"{URL}/{ref}").text
    note = {"act": "noted", "note": "We repack it.\nDone by noon.", "visible": "1"}
    desk.post(f"{URL}/{ref}", note)
    assert "We repack it.\nDone by noon." in desk.get(f"{URL}/{ref}").text
    wrong = desk.post(f"{URL}/{ref}", {"act": "resolved", "note": "kept"})
    assert wrong.status_code == 422
    assert "kept" in wrong.text
    done = {"act": "resolved", "reason_resolved": "repacked"}
    assert desk.post(f"{URL}/{ref}", done).status_code == 302
    page = desk.get(f"{URL}/{ref}").text
    assert "Repacked or replaced" in page
    assert "Damage</a>" in desk.get(f"{URL}?state=resolved").text


def test_a_note_without_words_is_refused(desk, company):
    trouble(company)
    assert desk.post(f"{URL}/{ref_of(None)}", {"act": "noted", "note": "  "}).status_code == 422


@pytest.mark.parametrize("path", ["", "/queue", "/IABCDEFGHJ", "/IABCDEFGHJ/state"])
def test_only_those_who_handle_incidents_see_them(as_user, browser, path, company):
    trouble(company)
    path = path.replace("IABCDEFGHJ", ref_of(None))
    assert browser.get(URL + path).status_code == 302
    assert as_user(make_colleague(company)).get(URL + path).status_code in (302, 403)
    assert as_user(make_person(staff_role="driver")).get(URL + path).status_code == 403
    assert as_user(make_dispatcher()).get(URL + path).status_code == 200


@pytest.mark.parametrize("path", ["/INOSUCH", "/INOSUCH/state", "/%00"])
def test_what_there_is_not_is_not_found(desk, path):
    assert desk.get(URL + path).status_code == 404


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant", "en"])
def test_the_pages_speak_three_languages(app, as_user, company, locale):
    trouble(company)
    desk = as_user(make_dispatcher(locale=locale))
    for path in (URL, f"{URL}/{ref_of(None)}"):
        page = desk.get(path)
        assert page.status_code == 200
        assert f'lang="{locale}"' in page.text


def test_the_owner_sees_what_he_can_do_and_what_we_say(as_user, desk, company):
    no = trouble(company)
    desk.post(f"{URL}/{ref_of(no)}", {"act": "noted", "note": "New carton.", "visible": "1"})
    desk.post(f"{URL}/{ref_of(no)}", {"act": "noted", "note": "Driver was rough."})
    owner = as_user(make_colleague(company))
    page = owner.get(f"/portal/consignments/{no}").text
    assert "Look at the photos and tell us" in page
    assert "New carton." in page
    assert "rough" not in page
    assert "Damage" in owner.get("/portal").text
    assert "Incident" in owner.get("/portal/consignments").text


def test_internal_ones_are_not_shown_to_the_owner(as_user, company):
    no = trouble(company, published=False)
    owner = as_user(make_colleague(company))
    assert "Look at the photos" not in owner.get(f"/portal/consignments/{no}").text
    assert "Damage" not in owner.get("/portal").text


def test_the_desk_s_page_of_a_consignment_leads_to_its_incident(desk, company):
    no = trouble(company)
    assert f"{URL}/{ref_of(no)}" in desk.get(f"/desk/consignments/{no}").text


def test_the_api_lists_a_company_s_own(with_key, company):
    no = trouble(company)
    trouble(make_company())
    trouble(company, published=False)
    program = with_key(make_key(make_colleague(company), company))
    reply = program.get("/api/v1/incidents").json
    assert [(i["no"], i["kind"], i["state"]) for i in reply["items"]] == [(no, "damage", "open")]
    assert reply["items"][0]["advice"]
    assert program.get("/api/v1/incidents?kind=delay").json["items"] == []
    whole = program.get(f"/api/v1/consignments/{no}").json["incidents"]
    assert [(i["ref"], i["text"]) for i in whole] == [(reply["items"][0]["ref"], "Damage")]


def test_the_queue_goes_out_as_a_sheet(desk, company):
    no = trouble(company)
    sheet = desk.get("/desk/exports/incidents.csv?kind=damage", buffered=True).text
    assert no in sheet
    assert "Damage" in sheet
    assert no not in desk.get("/desk/exports/incidents.csv?kind=delay", buffered=True).text


def test_the_link_of_a_mail_stops_the_mails_and_starts_them_again(browser, company):
    boss = make_colleague(company)
    path = f"/incident-mail/{muting.token(boss.id, company.id)}"
    assert "No more of these mails" in browser.get(path).text
    assert browser.post(path, {"mails": "off"}).status_code == 302
    assert "Send them again" in browser.get(path).text
    browser.post(path, {"mails": "on"})
    assert "No more of these mails" in browser.get(path).text


def test_ones_account_stops_the_mails_too_for_those_who_get_them(as_user, company):
    boss = make_colleague(company)
    own = as_user(boss)
    assert "/account/mails" in own.get("/account/sessions").text
    assert "No more of these mails" in own.get("/account/mails").text
    assert own.post("/account/mails", {"mails": "off"}).status_code == 302
    assert "Send them again" in own.get(f"/incident-mail/{muting.token(boss.id, company.id)}").text
    reader = as_user(make_colleague(company, "viewer"))
    assert "/account/mails" not in reader.get("/account/sessions").text
    assert reader.get("/account/mails").status_code == 403


@pytest.mark.parametrize("token", ["nonsense", "WzEsMV0.abc", "%00"])
def test_a_link_that_is_not_ours_opens_nothing(browser, token):
    assert browser.get(f"/incident-mail/{token}").status_code == 404
    assert browser.post(f"/incident-mail/{token}", {}).status_code == 404
