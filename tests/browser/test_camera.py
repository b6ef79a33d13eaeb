"""Scanning with the camera: the browser is given a film of a code in place of a real camera."""

import pytest
from playwright.sync_api import expect
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from tests.browser.conftest import ARGUMENTS, PHONE, Window, executable
from tests.browser.dispatcher import DISPATCHER

WIDTH, HEIGHT, MODULE, FRAMES = 640, 480, 12, 4


def film(text: str) -> bytes:
    """Return a YUV4MPEG2 film that shows ``text`` as a QR code, black on white."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    size = code.getModuleCount()
    left, top = (WIDTH - size * MODULE) // 2, (HEIGHT - size * MODULE) // 2
    luma = bytearray(b"\xeb" * (WIDTH * HEIGHT))
    for y in range(size * MODULE):
        for column in range(size):
            if code.isDark(y // MODULE, column):
                at = (top + y) * WIDTH + left + column * MODULE
                luma[at : at + MODULE] = b"\x10" * MODULE
    frame = b"FRAME\n" + luma + b"\x80" * (WIDTH * HEIGHT // 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F5:1 Ip A1:1 C420\n"
    return head.encode() + frame * FRAMES


@pytest.fixture(scope="module")
def labelled(dispatcher) -> str:
    """Return the number that the film shows."""
    return dispatcher.consignment_in("hub_arrived")


@pytest.fixture(scope="module")
def filming(chromium, labelled, tmp_path_factory):
    """Return a browser whose camera sees the label of a consignment."""
    path = tmp_path_factory.mktemp("film") / "label.y4m"
    path.write_bytes(film(labelled))
    camera = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={path}"]
    browser = chromium.browser_type.launch(
        executable_path=executable(has_camera=True), args=[*ARGUMENTS, *camera]
    )
    yield browser
    browser.close()


@pytest.mark.parametrize("size", [PHONE, {"width": 1440, "height": 900}], ids=["phone", "desk"])
def test_a_code_held_before_the_camera_lands_on_the_board(filming, server, labelled, size):
    desk = Window(filming, server, viewport=size, permissions=["camera"]).speak("en")
    board = desk.sign_in(DISPATCHER).go("/desk/board")
    desk.is_live()
    board.click("[data-camera-key]")
    board.wait_for_selector(f'.job[data-no="{labelled}"] input:checked', state="attached")
    said = board.locator("[data-camera-say]")
    said.filter(has_text=labelled).wait_for()
    board.click("[data-camera] [data-closes]")
    expect(board.locator("[data-video]")).to_have_js_property("srcObject", None)
    desk.close()


def test_a_refused_camera_is_explained(filming, server):
    desk = Window(filming, server, viewport=PHONE).speak("en").sign_in(DISPATCHER)
    board = desk.go("/desk/board")
    desk.is_live()
    board.click("[data-camera-key]")
    said = board.locator("[data-camera-say]")
    said.filter(has_text="The browser may not use the camera").wait_for()
    desk.close()


def test_a_device_without_a_camera_is_told_so(window):
    desk = window(DISPATCHER, permissions=["camera"])
    board = desk.go("/desk/board")
    desk.is_live()
    board.click("[data-camera-key]")
    board.locator("[data-camera-say]").filter(has_text="has no camera").wait_for()
