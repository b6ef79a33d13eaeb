"""A member brings in a file by the pages: columns, check, choice, result, and the file again."""

import pytest

from tests.browser.dispatcher import OWNER

#: As an old program writes it: GB18030, lines ended by a bare carriage return; one phone is wrong.
TABLE = (
    "订单号,收货人,电话,地址,城市,品名,数量,毛重\r"
    "{0}-1,周敏,13800006021,南京路 1 号,上海,洗衣液,24,12.5\r"
    "{0}-2,李雷,13800006022,中山路 2 号,广州,纸巾,3,1.2\r"
    "{0}-3,韩梅,12,北京路 3 号,北京,牙膏,1,0.5\r"
)


def upload(member, name: str, content: bytes):
    """Hand in a file and return the page of its columns."""
    page = member.go("/portal/imports")
    page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content})
    page.locator('form[aria-labelledby="upload-head"] button').click()
    return page


def column(page, header: str):
    """Return the choice of what a column means."""
    return page.locator("tr", has=page.locator("th", has_text=header)).locator("select").first


def check_file(page) -> None:
    page.locator("[data-mapping] button.btn--go").click()
    page.wait_for_selector("#choice-head")


def facts(page) -> dict[str, int]:
    """Return what the page of an import says: rows, good ones, created ones …"""
    page.wait_for_load_state()
    found = page.locator(".waybill > div").evaluate_all(
        "parts => parts.map(p => [p.querySelector('dt').textContent.trim(),"
        " p.querySelector('dd').textContent.trim()])"
    )
    return {name: int(text.replace(",", "")) for name, text in found}


@pytest.mark.parametrize("width", [360, 1440])
def test_a_member_imports_good_rows_and_the_same_file_creates_nothing(window, width):
    content = TABLE.format(f"W{width}").encode("gb18030")
    member = window(OWNER, viewport={"width": width, "height": 900})
    page = upload(member, f"orders-{width}.csv", content)
    column(page, "城市").select_option("")
    page.locator("[data-mapping] button.btn--go").click()
    page.wait_for_selector(".errors")
    column(page, "城市").select_option(label="Consignee’s city")
    check_file(page)
    assert "电话" in page.locator("[data-import]").inner_text()
    assert facts(page)["With problems"] == 1
    page.check('input[name="choice"][value="good_rows"]')
    page.locator('form[aria-labelledby="choice-head"] button').click()
    page.wait_for_selector(".notice--good")
    assert (facts(page)["Created"], facts(page)["Rows"]) == (2, 3)
    page = upload(member, f"orders-{width}.csv", content)
    check_file(page)
    assert facts(page)["There already"] == 2
    page.check('input[name="choice"][value="good_rows"]')
    page.locator('form[aria-labelledby="choice-head"] button').click()
    page.wait_for_selector(".notice--good")
    assert facts(page)["Created"] == 0
