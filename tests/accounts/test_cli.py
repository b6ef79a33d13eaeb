"""Commands of the first real set-up."""

from portal.accounts.login import by_key
from tests.factories import make_colleague, make_company, make_dispatcher


def run(app, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=list(words))
    assert result.exit_code == 0, result.output
    return result.output.strip()


def test_staff_are_made_and_sign_in(app, browser):
    run(
        app,
        "staff",
        "create",
        "d@quayside.example",
        "--role",
        "dispatcher",
        "--password",
        "a long one",
    )
    browser.sign_in("d@quayside.example", "a long one")
    assert browser.get("/desk/companies/").status_code == 200


def test_a_company_is_made_with_its_owner(app, browser):
    words = ("Nordwind", "--owner", "o@nordwind.example", "--password", "a long one")
    ref = run(app, "company", "create", *words)
    browser.sign_in("o@nordwind.example", "a long one")
    assert ref in browser.get("/portal/company/").text


def test_a_key_is_printed_once(app):
    company = make_company()
    email = make_colleague(company).email
    key = run(app, "apikey", "create", email, "--scope", "consignments.see")
    assert by_key(key).rights == {"consignments.see"}


def test_staff_get_keys_too(app):
    key = run(app, "apikey", "create", make_dispatcher().email)
    assert by_key(key).may("events.push")


def test_an_unknown_address_gets_no_key(app):
    result = app.test_cli_runner().invoke(args=["apikey", "create", "nobody@quayside.example"])
    assert result.exit_code != 0
