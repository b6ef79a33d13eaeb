"""Somebody was given an evidence pack and checks it: the file never leaves his computer."""

import io
import json
import zipfile

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.dispatcher import OWNER


def test_a_file_is_checked_where_it_is(window, dispatcher, tmp_path):
    no = dispatcher.consignment_in("picked_up")
    member = window(OWNER)
    page = member.go(f"/portal/consignments/{no}")
    with page.expect_download() as download:
        page.click("text=Evidence pack")
    pack = tmp_path / download.value.suggested_filename
    download.value.save_as(pack)
    assert pack.name == f"evidence-{no}.zip"
    with zipfile.ZipFile(io.BytesIO(pack.read_bytes())) as archive:
        ref = json.loads(archive.read(f"evidence-{no}/pack.json"))["ref"]
        photo = tmp_path / "events.json"
        photo.write_bytes(archive.read(f"evidence-{no}/events.json"))

    stranger = window(viewport=PHONE)
    sent = []
    stranger.page.on("request", lambda request: sent.append((request.method, request.post_data)))
    page = stranger.go(f"/verify/{ref}")
    page.wait_for_selector("text=Our log still agrees with this pack.")
    for file in (pack, photo):
        page.set_input_files("#evidence-file", file)
        page.wait_for_selector("text=The file is unaltered.")
        expect(page.locator(".notice").first).to_contain_text(file.name.replace(f"-{no}", ""))
        page.goto(f"{stranger.server.url}/verify/{ref}")
    assert {method for method, _ in sent} == {"GET"}

    photo.write_bytes(photo.read_bytes() + b" ")
    page.set_input_files("#evidence-file", photo)
    page.wait_for_selector("text=No file of this pack has that fingerprint.")


def test_without_javascript_the_fingerprint_is_typed(window, dispatcher):
    no = dispatcher.consignment_in("picked_up")
    member = window(OWNER)
    member.go("/portal")
    answer = member.context.request.get(
        f"{member.server.url}/api/v1/consignments/{no}/documents/evidence.zip"
    )
    with zipfile.ZipFile(io.BytesIO(answer.body())) as archive:
        ref = json.loads(archive.read(f"evidence-{no}/pack.json"))["ref"]
        line = archive.read(f"evidence-{no}/SHA256SUMS").decode().splitlines()[0]
    visitor = window(java_script_enabled=False)
    page = visitor.go(f"/verify/{ref}")
    expect(page.locator("#evidence-file")).to_be_hidden()
    page.fill("#sum", line.split()[0])
    page.locator("form[data-fingerprint] button").click()
    expect(page.locator(".notice").first).to_contain_text("The file is unaltered.")
