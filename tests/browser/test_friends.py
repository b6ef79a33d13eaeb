"""A friendly link in a browser: proposed by a stranger, listed, hidden with a reason, back again."""

MARKETING = "marketing@quayside.example"
SITE = "https://www.freight-school.example/"


def propose(page) -> None:
    page.fill("#name", "Freight school")
    page.fill("#url", "freight-school")
    page.fill("#says", "Short films on loading.")
    page.fill("#contact_name", "Li Na")
    page.fill("#contact_email", "li@freight-school.example")
    page.click("main button.btn--go")
    page.get_by_text("This is not an address of the web").first.wait_for()
    assert page.input_value("#says") == "Short films on loading."
    page.fill("#url", SITE)
    page.click("main button.btn--go")
    page.wait_for_url("**/links/thanks")


def test_a_link_is_proposed_listed_hidden_and_listed_again(window):
    visitor, desk = window(language="en"), window(MARKETING, language="en")
    propose(visitor.go("/links/propose"))
    page = desk.go("/desk/links/?state=proposed")
    row = page.get_by_role("row").filter(has_text="Freight school")
    assert "li@freight-school.example" in row.inner_text()
    row.get_by_role("button", name="List").click()
    listed = visitor.go("/links")
    assert listed.get_by_role("link", name="Freight school").get_attribute("href") == SITE
    assert "li@freight-school.example" not in listed.content()
    page = desk.go("/desk/links/?state=listed")
    page.get_by_role("row").filter(has_text="Freight school").get_by_text("Hide").click()
    page.click("main button.btn--bad")
    page.get_by_text("Please say why").first.wait_for()
    page.fill("#reason", "Moved away")
    page.click("main button.btn--bad")
    page.wait_for_url("**/desk/links/")
    assert visitor.go("/links").get_by_role("link", name="Freight school").count() == 0
    page = desk.go("/desk/links/?state=hidden")
    row = page.get_by_role("row").filter(has_text="Moved away")
    row.get_by_role("button", name="List").click()
    assert visitor.go("/links").get_by_role("link", name="Freight school").count() == 1
