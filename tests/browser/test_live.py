"""A member watches while a dispatcher pushes; cuts and restarts lose nothing."""

from tests.browser.dispatcher import OWNER, WAY


def wait_for_flag(page, no: str, status: str) -> None:
    page.wait_for_selector(f'[data-no="{no}"] .flag[data-status="{status}"]')


def test_the_list_changes_in_place_and_says_so(window, dispatcher):
    member = window(OWNER)
    no = dispatcher.consignment_in("in_transit")
    page = member.go("/portal/consignments?status=in_transit")
    member.is_live()
    page.evaluate("window.notReloaded = true")
    dispatcher.push(no, "dest_city")
    wait_for_flag(page, no, "dest_city")
    assert page.evaluate("window.notReloaded")
    assert page.locator(f'tr[data-no="{no}"]').get_attribute("class").find("is-fresh") >= 0
    assert no in page.locator("[data-announce]").inner_text()


def test_the_timeline_of_the_open_page_grows(window, dispatcher):
    member = window(OWNER)
    no = dispatcher.consignment_in("hub_arrived")
    page = member.go(f"/portal/consignments/{no}")
    member.is_live()
    dispatcher.push(no, "hub_departed", place={"text": "North gate 7"})
    page.wait_for_selector("text=North gate 7")
    page.wait_for_selector('.flag--plate[data-status="hub_departed"]')


def test_the_promise_is_made_anew_in_the_open_page(window, dispatcher):
    member, no = window(OWNER), dispatcher.order(city="苏州", address="星湖街 1 号")
    path = f"/portal/consignments/{no}"
    page = member.go(path)
    member.is_live()
    page.evaluate("window.notReloaded = true")
    changes = 0
    for code in (*WAY, "delivered"):
        said = page.locator(".waybill").inner_text()
        dispatcher.push(no, code)
        fresh = window(OWNER).go(path).locator(".waybill").inner_text()
        changes += fresh != said
        page.wait_for_selector(f'.flag--plate[data-status="{code}"]')
        for _ in range(100):
            if page.locator(".waybill").inner_text() == fresh:
                break
            page.wait_for_timeout(50)
        assert page.locator(".waybill").inner_text() == fresh
    assert changes >= 3  # picked up, in the city, delivered: each says another time
    assert page.evaluate("window.notReloaded")


def test_a_page_that_lost_the_network_says_so_and_catches_up(window, dispatcher):
    member = window(OWNER)
    no = dispatcher.consignment_in("hub_arrived")
    page = member.go(f"/portal/consignments/{no}")
    member.is_live()
    member.context.set_offline(True)
    page.wait_for_selector('[data-lamp][data-live="off"]')
    dispatcher.push(no, "hub_departed", place={"text": "While away 1"})
    dispatcher.push(no, "in_transit", place={"text": "While away 2"})
    member.context.set_offline(False)
    page.wait_for_selector("text=While away 2")
    member.is_live()
    assert page.locator("text=While away 1").count() == 1


def test_a_killed_server_comes_back_and_the_page_catches_up(window, server, dispatcher):
    member = window(OWNER)
    no = dispatcher.consignment_in("in_transit")
    page = member.go(f"/portal/consignments/{no}")
    member.is_live()
    pushed = dispatcher.push(no, "in_transit", place={"text": "Before the power cut"})
    server.kill()
    page.wait_for_selector('[data-lamp][data-live="off"]')
    server.start()
    page.wait_for_selector("text=Before the power cut")
    after = dispatcher.push(no, "dest_city", place={"text": "After the power cut"})
    assert after["seq"] == pushed["seq"] + 1
    page.wait_for_selector("text=After the power cut")
    member.is_live()


def test_signing_out_elsewhere_cuts_the_open_page(window, dispatcher):
    here, there = window(OWNER), window(OWNER)
    page = here.go("/portal/consignments")
    here.is_live()
    other = there.go("/account/sessions")
    other.once("dialog", lambda dialog: dialog.accept())
    other.locator("form[action*='others'] button").first.click()
    page.wait_for_selector('[data-lamp][data-live="off"]')
