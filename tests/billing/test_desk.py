"""Tariffs at the desk: who sees them, how they are written without scripts, put in force, refused."""

import re
from html import unescape

import pytest

from portal.accounts.roles import STAFF_ROLES
from portal.billing import queries
from portal.billing.models import Tariff
from portal.billing.queries import offered
from portal.core.db import db
from tests.factories import make_colleague, make_person

STARTER = "/desk/tariffs/TSTARTER"
SEEING = sorted(role for role, rights in STAFF_ROLES.items() if "tariffs.see" in rights)
EDITING = sorted(role for role, rights in STAFF_ROLES.items() if "tariffs.edit" in rights)
#: What a browser sends of a form: each field with what it holds.
FIELD = re.compile(r"<select\b.*?</select>|<textarea\b.*?</textarea>|<input\b[^>]*>", re.S)


@pytest.fixture
def finance(as_user):
    return as_user(make_person(staff_role="finance"))


def fields_of(page) -> dict[str, str]:
    """Return what the form of a page would send."""
    found = {}
    for tag in FIELD.findall(page.text.split("<main")[1].split("</main>")[0]):
        name = re.search(r'\bname="([^"]*)"', tag)
        if name is None or name[1] == "csrf_token":
            continue
        if tag.startswith("<select"):
            chosen = re.search(r"<option[^>]*\bselected\b[^>]*>", tag)
            value = re.search(r'\bvalue="([^"]*)"', chosen[0]) if chosen else None
        elif tag.startswith("<textarea"):
            value = re.search(r">\s*([^<]*)</textarea>", tag)
        else:
            value = re.search(r'\bvalue="([^"]*)"', tag)
        found[name[1]] = unescape(value[1]) if value else ""
    return found


def copied(finance, path: str = STARTER) -> str:
    """Copy a tariff and return the path of the copy."""
    reply = finance.post(f"{path}/copy")
    assert reply.status_code == 302
    return reply.headers["Location"].removesuffix("/edit")


def tariff(path: str) -> Tariff:
    """Return a tariff as it is now."""
    db.session.rollback()
    return db.session.query(Tariff).filter_by(ref=path.rpartition("/")[2]).one()


def prices(path: str):
    return queries.prices_of(tariff(path), "en")


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_who_may_see_sees_and_who_may_edit_edits(as_user, role):
    person = as_user(make_person(staff_role=role))
    sees = 200 if role in SEEING else 403
    assert person.get("/desk/tariffs").status_code == sees
    assert person.get(STARTER).status_code == sees
    edits = 302 if role in EDITING else 403
    assert person.post("/desk/tariffs/new").status_code == edits
    assert person.post(f"{STARTER}/copy").status_code == edits
    if role in SEEING:
        assert ("New tariff" in person.get("/desk/tariffs?lang=en").text) == (role in EDITING)


@pytest.mark.parametrize("way", ["", "/TSTARTER", "/TSTARTER/edit"])
def test_members_and_visitors_find_no_tariffs(as_user, browser, way):
    assert browser.get(f"/desk/tariffs{way}").status_code == 302
    assert as_user(make_colleague()).get(f"/desk/tariffs{way}").status_code == 403


@pytest.mark.parametrize("ref", ["NONE", "T' OR 1=1", "%00", "../companies", "长" * 300])
def test_what_is_no_tariff_is_not_found(finance, ref):
    assert finance.get(f"/desk/tariffs/{ref}").status_code in (404, 302, 308)


def test_a_copy_is_edited_put_in_force_shown_to_visitors_and_the_old_one_retired(finance, browser):
    path = copied(finance)
    sent = fields_of(finance.get(f"{path}/edit"))
    sent |= {"en": "Spring prices", "zh_hans": "春季价", "zones-0-standard-first": "88.8"}
    reply = finance.post(f"{path}/edit", sent)
    assert reply.status_code == 302, re.findall('class="error"[^>]*>([^<]*)', reply.text)
    assert prices(path).zones[0].rates["standard"].first_minor == 8880
    assert finance.post(f"{path}/activate").status_code == 302
    assert finance.post(f"{path}/publish").status_code == 302
    asked = "from_city=杭州&from_country=CN&to_city=杭州&to_country=CN&weight=1&service=standard"
    assert "88.80" in browser.get(f"/estimate?{asked}").text
    assert finance.post(f"{STARTER}/retire").status_code == 302
    assert tariff(STARTER).state == "retired"
    assert [name for _ref, name in offered()] == ["春季价"] or "Spring prices" in str(offered())
    page = finance.get(f"{path}?lang=en").text
    for words in ("Put in force", "Shown to visitors", "Saved"):
        assert words in page


def test_a_round_through_the_form_changes_nothing(finance):
    path = copied(finance)
    before = prices(path)
    assert finance.post(f"{path}/edit", fields_of(finance.get(f"{path}/edit"))).status_code == 302
    assert prices(path) == before == prices(STARTER)


def test_zones_are_added_and_removed_without_scripts_and_nothing_typed_is_lost(finance):
    path = copied(finance)
    sent = fields_of(finance.get(f"{path}/edit"))
    count = len({name.split("-")[1] for name in sent if name.startswith("zones-")})
    more = finance.post(f"{path}/edit", {**sent, "en": "Kept words", "do": "add"})
    assert more.status_code == 200
    assert 'value="Kept words"' in more.text
    added = fields_of(more)
    assert len({name.split("-")[1] for name in added if name.startswith("zones-")}) == count + 1
    less = fields_of(finance.post(f"{path}/edit", {**added, "do": f"remove:{count}"}))
    assert less.keys() - {"do"} == sent.keys() - {"do"}
    gone = fields_of(finance.post(f"{path}/edit", {**less, "do": "remove:0"}))
    assert len({name.split("-")[1] for name in gone if name.startswith("zones-")}) == count - 1
    assert len(prices(path).zones) == count  # nothing is saved by these keys


@pytest.mark.parametrize("do", ["remove:999", "remove:x", "add:1", "", "explode", "remove:-1"])
def test_keys_that_mean_nothing_change_nothing(finance, do):
    path = copied(finance)
    sent = fields_of(finance.get(f"{path}/edit"))
    assert finance.post(f"{path}/edit", {**sent, "do": do}).status_code in (200, 302)
    assert prices(path) == prices(STARTER)


WRONG = [
    ("zh_hans", ""),
    ("en", "x" * 81),
    ("currency", "XXX"),
    ("fuel_bp", "-1"),
    ("fuel_bp", "101"),
    ("tax_bp", "much"),
    ("pickup_minor", "1e30"),
    ("pickup_minor", "NaN"),
    ("free_days", "1.5"),
    ("free_days", "366"),
    ("note", "x" * 1001),
    ("zones-0-zh_hans", ""),
    ("zones-0-kind", "moon"),
    ("zones-1-km", "-3"),
    ("zones-1-countries", "Japan"),
    ("zones-0-standard-first_kg", "0"),
    ("zones-0-standard-first", ""),
    ("zones-0-standard-step", "长" * 5000),
]


@pytest.mark.parametrize(("name", "typed"), WRONG)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_lost(finance, name, typed):
    path = copied(finance)
    sent = fields_of(finance.get(f"{path}/edit"))
    assert name in sent
    reply = finance.post(f"{path}/edit", {**sent, "en": sent["en"] or "Words", name: typed})
    assert reply.status_code == 422
    assert 'class="error"' in reply.text
    kept = fields_of(reply)
    for other in ("zones-0-standard-step_kg", "zones-0-express-first"):
        assert kept[other] == sent[other]
    assert prices(path) == prices(STARTER)


def test_a_tariff_that_is_not_complete_is_not_put_in_force(finance):
    path = finance.post("/desk/tariffs/new").headers["Location"].removesuffix("/edit")
    page = finance.post(f"{path}/activate", follow_redirects=True)
    assert "not complete" in page.text
    assert "one zone at least" in page.text
    assert tariff(path).state == "draft"


def test_everywhere_else_must_be_last(finance):
    path = copied(finance)
    sent = fields_of(finance.get(f"{path}/edit"))
    assert finance.post(f"{path}/edit", {**sent, "zones-0-kind": "rest"}).status_code == 302
    page = finance.post(f"{path}/activate", follow_redirects=True)
    assert "must be the last zone" in unescape(page.text)
    assert tariff(path).state == "draft"


@pytest.mark.parametrize("act", ["activate", "retire", "remove"])
def test_the_tariff_of_visitors_stays(finance, act):
    before = tariff(STARTER).state
    finance.post(f"{STARTER}/{act}")
    assert tariff(STARTER).state == before
    assert tariff(STARTER).is_public


def test_what_is_in_force_is_not_edited(finance):
    sent = {"zh_hans": "x", "currency": "CNY"}
    assert finance.get(f"{STARTER}/edit").headers["Location"].endswith(STARTER)
    assert finance.post(f"{STARTER}/edit", sent).status_code == 302
    assert tariff(STARTER).names["zh-Hans"] != "x"


def test_a_draft_is_removed_and_no_draft_is_published(finance):
    path = copied(finance)
    finance.post(f"{path}/publish")
    assert not tariff(path).is_public
    assert tariff(STARTER).is_public
    assert finance.post(f"{path}/remove").status_code == 302
    assert finance.get(path).status_code == 404


def test_two_clicks_at_once_put_it_in_force_once(finance):
    path = copied(finance)
    finance.post(f"{path}/activate")
    page = finance.post(f"{path}/activate", follow_redirects=True)
    assert page.status_code == 200
    assert tariff(path).state == "active"
    assert page.text.count("Put in force") == 1


def test_who_sees_without_editing_changes_nothing(as_user):
    agent = as_user(make_person(staff_role="agent"))
    for way in ("edit", "activate", "publish", "retire", "remove", "copy"):
        assert agent.post(f"{STARTER}/{way}").status_code == 403
    assert agent.get(f"{STARTER}/edit").status_code == 403


def test_names_are_shown_as_text(finance):
    path = copied(finance)
    sent = fields_of(finance.get(f"{path}/edit"))
    name = "<script>alert(1)</script>"
    sent |= {"en": name, "zones-0-en": name, "note": name}
    assert finance.post(f"{path}/edit", sent).status_code == 302
    for page in (finance.get(path), finance.get("/desk/tariffs"), finance.get(f"{path}/edit")):
        assert name not in page.text


def test_the_offers_of_an_approval_are_the_tariffs_in_force(finance):
    path = copied(finance)
    assert path.rpartition("/")[2] not in dict(offered())
    finance.post(f"{path}/activate")
    assert path.rpartition("/")[2] in dict(offered())
    finance.post(f"{path}/retire")
    assert path.rpartition("/")[2] not in dict(offered())
