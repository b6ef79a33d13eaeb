"""Estimates, calculators and a company's own terms, as a visitor and as members meet them."""

from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from portal.accounts.models import Company
from portal.billing import queries, service
from portal.core.db import db, transaction
from tests.factories import make_colleague, make_company, make_person, user_of

ASKED = {
    "from_city": "杭州",
    "from_country": "CN",
    "to_city": "北京",
    "to_country": "CN",
    "pieces": "3",
    "weight": "12.5",
    "length": "40",
    "width": "30",
    "height": "30",
    "service": "express",
    "pickup": "y",
}
LONG = "长" * 10_000
#: field → what is typed → whether the page must refuse it, with a sentence
REFUSED = [
    ("from_city", "Xyzzyplugh"),
    ("from_city", "东京"),
    ("from_city", ""),
    ("from_city", LONG),
    ("to_city", "<script>alert(1)</script>"),
    ("to_city", "' OR 1=1 --"),
    ("to_city", "\u202e\u0007"),
    ("to_country", "ZZ"),
    ("to_country", "JP"),
    ("to_country", LONG),
    ("pieces", "-1"),
    ("pieces", "0"),
    ("pieces", "2.5"),
    ("pieces", "three"),
    ("pieces", "501"),
    ("pieces", "9" * 5000),
    ("weight", "-1"),
    ("weight", "0"),
    ("weight", "heavy"),
    ("weight", "NaN"),
    ("weight", "Infinity"),
    ("weight", "1e400"),
    ("weight", "50000.1"),
    ("weight", "1,2,3"),
    ("weight", LONG),
    ("length", "-5"),
    ("length", "20001"),
    ("width", "wide"),
    ("height", "1e999"),
    ("service", "teleport"),
    ("declared", "-1"),
    ("declared", "10000001"),
    ("cod", "much"),
]


@pytest.fixture
def estimate(browser):
    """``estimate(person’s browser, changes)`` returns the page of an estimate."""

    def ask(by=None, **changes):
        asked = {name: value for name, value in (ASKED | changes).items() if value is not None}
        return (by or browser).get(f"/estimate?{urlencode(asked)}")

    return ask


@pytest.fixture
def own_tariff(app):
    """Give a company a tariff of its own, twice as dear as the public one."""

    def give(company):
        finance = user_of(make_person(staff_role="finance"))
        with transaction():
            dear = service.copy(queries.public_tariff(), by=finance)
            values = {"names": {"zh-Hans": "专属价", "en": "Own prices"}}
            zones = queries.zones_of(dear)
            for zone in zones:
                for rate in zone["rates"].values():
                    rate["first_minor"] *= 2
                    rate["step_minor"] *= 2
            service.save(dear, values, zones, by=finance)
            service.activate(dear, by=finance)
            db.session.get(Company, company.id).tariff = dear.ref
            return dear.ref

    return give


def total_of(page):
    """Return the sum that a page names, as text."""
    return page.text.split("<tfoot>")[1].split("<b>")[1].split("</b>")[0]


def link_in(page, words):
    """Return path and parameters of the link with some words."""
    before = page.text.split(f">{words}</a>")[0]
    address = urlsplit(unescape(before.rsplit('href="', 1)[1].split('"')[0]))
    return address.path, {name: values[0] for name, values in parse_qs(address.query).items()}


def test_an_estimate_explains_every_line_and_names_a_time(estimate):
    page = estimate(declared="5000", cod="300")
    assert page.status_code == 200
    for words in (
        "Freight",
        "Fuel surcharge",
        "Collection",
        "Insurance",
        "Cash on delivery",
        "Tax",
    ):
        assert words in page.text
    assert "chargeable weight 37.5 kg" in page.text
    assert "Promised: delivery by" in page.text
    for service_name in ("Standard delivery", "Express delivery", "Cold chain"):
        assert service_name in page.text


def test_a_large_light_piece_is_counted_by_its_volume(estimate):
    assert "counted by volume" in estimate(weight="1", length="100", width="100").text


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_places_are_found_in_either_script(estimate, browser, language):
    browser.client.set_cookie("lang", language)
    for names in (("杭州", "北京"), ("Hangzhou", "Beijing"), ("浙江省杭州市", "北京市")):
        assert estimate(from_city=names[0], to_city=names[1]).status_code == 200


def test_full_width_digits_are_digits(estimate):
    page = estimate(pieces="\uff13", weight="\uff11\uff12\uff0e\uff15")
    assert page.status_code == 200
    assert total_of(page) == total_of(estimate())


@pytest.mark.parametrize(("field", "typed"), REFUSED)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_lost(estimate, field, typed):
    page = estimate(**{field: typed})
    assert page.status_code == 422
    assert 'class="error"' in page.text
    assert "<script>alert" not in page.text
    assert "<tfoot>" not in page.text
    for name, value in ASKED.items():
        if name not in (field, "pickup", "service", "from_country", "to_country"):
            assert f'value="{value}"' in page.text, name


def test_what_nobody_asked_for_is_only_a_form(browser):
    page = browser.get("/estimate")
    assert page.status_code == 200
    assert 'class="error"' not in page.text
    assert page.headers.get("Set-Cookie") is None


def test_the_same_name_twice_or_without_a_name_harms_nothing(browser):
    query = urlencode([*ASKED.items(), ("weight", "99999"), ("", "x"), ("\x00", "\x00")])
    assert browser.get(f"/estimate?{query}").status_code in (200, 422)


def test_a_member_is_charged_by_his_companys_own_tariff(estimate, as_user, own_tariff):
    company = make_company()
    member, other = (as_user(make_colleague(each)) for each in (company, make_company()))
    public = total_of(estimate())
    own_tariff(company)
    assert total_of(estimate(member)) != public
    assert total_of(estimate(other)) == total_of(estimate()) == public


def test_who_may_order_gets_the_order_filled(estimate, as_user):
    member = as_user(make_colleague(role="operations"))
    path, values = link_in(estimate(member), "Order this")
    page = member.get(f"{path}?{urlencode(values)}")
    assert page.status_code == 200
    for value in ("杭州", "北京", "12.5", "40", "30"):
        assert f'value="{value}"' in page.text
    assert 'value="express" checked' in page.text or 'checked name="service"' in page.text


@pytest.mark.parametrize("role", ["viewer", "finance", "requester"])
def test_who_may_not_order_is_led_to_a_message(estimate, as_user, role):
    page = estimate(as_user(make_colleague(role=role)))
    assert "Order this" not in page.text
    assert "Ask us about this estimate" in page.text


def test_a_visitor_asks_about_the_estimate_in_a_message_that_is_filled(estimate, browser):
    page = estimate()
    assert "Order this" not in page.text
    path, values = link_in(page, "Ask us about this estimate")
    message = browser.get(f"{path}?{urlencode(values)}")
    assert message.status_code == 200
    assert "杭州" in message.text
    assert "北京" in message.text
    assert total_of(page) in message.text


def test_a_filled_order_takes_no_nonsense(as_user):
    member = as_user(make_colleague(role="owner"))
    for name, typed in (("to_city", "<b>x</b>"), ("weight", LONG[:500]), ("service", "teleport")):
        page = member.get(f"/portal/consignments/new?{urlencode({'estimate': 1, name: typed})}")
        assert page.status_code == 200
        assert "<b>x</b>" not in page.text


CALCULATED = [
    ({"which": "weight", "length": "60", "width": "50", "height": "40", "pieces": "2"}, "40 kg"),
    ({"which": "fit", "length": "40", "width": "30", "height": "30", "tall": "160"}, "40-foot"),
    ({"which": "storage", "pallets": "10", "days": "30"}, "Together"),
]


@pytest.mark.parametrize(("asked", "words"), CALCULATED)
def test_calculators_reckon(browser, asked, words):
    page = browser.get(f"/estimate/calculators?{urlencode(asked)}")
    assert page.status_code == 200
    assert words in page.text


@pytest.mark.parametrize("typed", ["", "-1", "0", "tall", "1e99", "9" * 4000, "1/0", "<i>"])
@pytest.mark.parametrize(("asked", "_words"), CALCULATED)
def test_calculators_refuse_with_a_sentence(browser, asked, _words, typed):
    name = next(each for each in asked if each != "which")
    page = browser.get(f"/estimate/calculators?{urlencode(asked | {name: typed})}")
    assert page.status_code == 422
    assert 'class="error"' in page.text
    assert "<i>" not in page.text.replace('<i class="', "")


@pytest.mark.parametrize("which", ["", "nothing", "weight'", "x" * 5000])
def test_calculators_that_do_not_exist_are_only_the_page(browser, which):
    assert browser.get(f"/estimate/calculators?{urlencode({'which': which})}").status_code == 200


def test_a_carton_larger_than_the_pallet_fits_nowhere_and_that_is_said(browser):
    asked = {"which": "fit", "length": "300", "width": "300", "height": "300"}
    page = browser.get(f"/estimate/calculators?{urlencode(asked)}")
    assert page.status_code == 200
    assert "fit" in page.text


@pytest.fixture
def _no_tariff(app):
    with transaction():
        queries.public_tariff().is_public = False


@pytest.mark.usefixtures("_no_tariff")
def test_without_a_tariff_in_force_both_pages_say_so(estimate, browser):
    assert "No tariff is in force" in estimate().text
    asked = {"which": "storage", "pallets": "1", "days": "1"}
    page = browser.get(f"/estimate/calculators?{urlencode(asked)}")
    assert page.status_code == 200
    assert "Storage is priced by agreement" in page.text


@pytest.mark.parametrize(
    ("role", "status"),
    [("owner", 200), ("admin", 200), ("finance", 200), ("operations", 403), ("viewer", 403)],
)
def test_terms_are_read_by_whom_they_concern(as_user, role, status):
    assert as_user(make_colleague(role=role)).get("/portal/terms").status_code == status


def test_terms_are_not_for_visitors_or_staff(browser, as_user):
    assert browser.get("/portal/terms").status_code == 302
    for role in ("finance", "admin"):
        assert as_user(make_person(staff_role=role)).get("/portal/terms").status_code in (403, 404)


def test_a_company_reads_its_own_terms_and_no_others(as_user, own_tariff):
    company, stranger = make_company(), make_company()
    manager = make_person(staff_role="sales", name="Gu Xiaomei")
    own_tariff(company)
    with transaction():
        kept = db.session.get(Company, company.id)
        kept.payment_terms, kept.account_manager_id = "monthly_30", manager.id
    mine = as_user(make_colleague(company)).get("/portal/terms").text
    theirs = as_user(make_colleague(stranger)).get("/portal/terms").text
    assert "Own prices" in mine
    assert "Gu Xiaomei" in mine
    assert manager.email in mine
    assert "Own prices" not in theirs
    assert "Gu Xiaomei" not in theirs
    assert "the public one" in theirs
    assert "not agreed yet" in theirs


def test_a_draft_that_a_company_was_given_by_mistake_holds_nothing(as_user):
    company = make_company()
    finance = user_of(make_person(staff_role="finance"))
    with transaction():
        draft = service.draft({"zh-Hans": "草稿", "en": "Unfinished"}, "CNY", by=finance)
        db.session.get(Company, company.id).tariff = draft.ref
    page = as_user(make_colleague(company)).get("/portal/terms")
    assert page.status_code == 200
    assert "Unfinished" not in page.text
