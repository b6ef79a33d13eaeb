"""Pictures of pages, and who sees a draft or an old address."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from portal.core import clock
from tests.pages.conftest import make_content, picture, publish, rewrite
from tests.pages.test_desk import PICTURE_FORM, saved


def upload(data, name):
    return {"b-x1-picture-file": (io.BytesIO(data), name)}


def test_a_picture_is_written_anew_in_several_widths(browser, marketing, manager):
    data = picture(2000, 1000) + b"<script>trailing</script>"
    page_id = saved(marketing.post("/desk/pages/new", PICTURE_FORM | upload(data, "../../x.png")))
    marketing.post(f"/desk/pages/{page_id}/submit")
    manager.post(f"/desk/pages/{page_id}/publish")
    html = browser.get("/pages/one?lang=en").text
    assert 'alt="A crane"' in html
    path = re.search(r'src="(/media/\w+-1280\.jpg)"', html)[1]
    reply = browser.get(path)
    assert reply.mimetype == "image/jpeg"
    assert b"trailing" not in reply.data
    assert Image.open(io.BytesIO(reply.data)).size == (1280, 640)
    assert "immutable" in reply.headers["Cache-Control"]
    assert "Set-Cookie" not in reply.headers
    again = browser.get(path, headers={"If-None-Match": reply.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    small = browser.get(path.replace("1280", "100"))
    assert Image.open(io.BytesIO(small.data)).width == 640


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("photo.jpg", b"MZ\x90\x00 an executable"),
        ("photo.png", b"<html><script>alert(1)</script>"),
        ("photo.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("photo.gif", b"GIF89a not taken"),
        ("photo.jpg", b""),
        ("photo.png", picture(20, 20)[:60]),
    ],
)
def test_what_is_no_picture_is_refused_by_its_content(marketing, name, data):
    reply = marketing.post("/desk/pages/new", PICTURE_FORM | upload(data, name))
    assert reply.status_code == 422
    assert "photo" in reply.text
    assert "A crane" in reply.text


def test_a_picture_survives_what_else_is_wrong_with_the_form(marketing):
    form = PICTURE_FORM | {"slug": "Not A Slug"} | upload(picture(700, 500), "a.png")
    reply = marketing.post("/desk/pages/new", form)
    kept = re.search(r'name="b-x1-picture" value="(\w+ 700x500)"', reply.text)[1]
    assert saved(marketing.post("/desk/pages/new", PICTURE_FORM | {"b-x1-picture": kept}))


def test_a_picture_that_is_not_kept_is_not_believed(marketing):
    form = PICTURE_FORM | {"b-x1-picture": f"{'f' * 20} 10x10"}
    assert marketing.post("/desk/pages/new", form).status_code == 422


@pytest.mark.parametrize(
    "path", ["/media/zz-640.jpg", "/media/..%2f..%2fx-640.jpg", "/media/a-b.jpg"]
)
def test_pictures_that_are_not_there_are_not_there(browser, path):
    assert browser.get(path).status_code == 404


def test_a_preview_link_shows_the_draft_to_anyone_until_it_ends(
    browser, marketing, draft, monkeypatch
):
    page = draft(slug="secret", text="not yet public")
    marketing.post(f"/desk/pages/{page.id}/preview-link")
    html = marketing.get(f"/desk/pages/{page.id}").text
    link = re.search(r'value="http://localhost(/preview/[^"]+)"', html)[1]
    reply = browser.get(f"{link}?lang=en")
    assert reply.status_code == 200
    assert "not yet public en" in reply.text
    assert "noindex" in reply.headers["X-Robots-Tag"]
    assert browser.get(link[:-3] + "xyz").status_code == 404
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=8))
    assert browser.get(link).status_code == 404


def test_an_old_address_leads_to_the_new_one(browser, shown, staff):
    page = shown("news", slug="first")
    rewrite(page.id, make_content("second"), staff.writer)
    publish(page.id, staff)
    reply = browser.get("/news/first")
    assert (reply.status_code, reply.location) == (301, "/news/second")
