"""Pictures in posts: taken in, shown to whoever may read the post, removed where none shows them."""

import io
import struct
import zlib
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select, update

from portal.core import files
from portal.core.db import db, write
from portal.core.errors import Invalid, Refused, TooMany
from portal.forum.models import ForumPicture, ForumPost, ForumTopic
from portal.forum.queries import posts
from portal.forum.rules import pictures as rules
from portal.forum.service import drafts, holding, pictures, writing
from portal.forum.service.writing import Written
from tests.factories import make_colleague, make_company, make_person, user_of
from tests.forum.making import make_member, make_reply, make_space, make_topic, topic_now

_PX = ForumPicture.__table__


def photo(kind="JPEG", size=(60, 40), **more):
    kept = io.BytesIO()
    Image.new("RGB", size, (200, 120, 10)).save(kept, kind, **more)
    return kept.getvalue()


def kept(user, data=None):
    db.session.commit()
    return pictures.keep(data or photo(), user)


def html_of(user, topic, no=1):
    db.session.commit()
    return posts.post_for(user, topic_now(topic), no).html


@pytest.fixture
def writer(as_user):
    """Return somebody who writes, and his browser."""
    company = make_company()
    person = make_colleague(company, "operations")
    browser = as_user(person)
    browser.get("/club")
    return user_of(person, company, "operations"), browser


def test_a_picture_is_written_anew_without_what_the_camera_noted(app):
    author = make_member()
    exif = Image.Exif()
    exif[0x010F] = "Camera of 13 Harbour Street"
    ref = kept(author, photo(size=(4000, 100), exif=exif))
    row = db.session.execute(select(_PX).where(_PX.c.ref == ref)).one()
    data = files.read(row.key)
    assert b"Harbour" not in data
    assert (row.width, row.height) == (2560, 64)
    assert Image.open(io.BytesIO(data)).size == (2560, 64)


def test_a_post_shows_ones_own_pictures_and_nobody_elses(app):
    author, other = make_member(), make_member()
    mine, his = kept(author), kept(other)
    text = f"{rules.written(mine, '托盘 ] 堆 <b>')}\n\n{rules.written(his, 'stolen')}"
    topic = make_topic(make_space(), author, text=text)
    html = html_of(author, topic)
    assert (
        f'<img src="/club/pictures/{mine}" alt="托盘 堆 &lt;b&gt;" width="60" height="40"' in html
    )
    assert his not in html
    assert "stolen" in html
    db.session.commit()
    post = posts.post_for(author, topic, 1)
    said = {"base": 1, "reason": None}
    write(lambda on: writing.edit(topic, post, "ohne", author, on=on, **said))
    assert "img" not in html_of(author, topic)


def test_a_quotation_and_a_feed_have_the_words_of_a_picture_only(app):
    assert rules.without("a ![Box](picture:PXABCD2345) b") == "a Box b"


def test_more_than_eight_pictures_in_a_post_are_refused(app):
    author, space = make_member(), make_space()
    many = " ".join(f"![x](picture:PX{n:08d})" for n in range(9))
    for work in (
        lambda on: writing.begin(space, Written(text=many), author, title="Viele", tags=[], on=on),
        lambda on: holding.hold(space, None, Written(text=many), author, title="Viele", on=on),
    ):
        with pytest.raises(Refused):
            write(work)


def test_forty_pictures_a_day_are_enough(app, monkeypatch):
    monkeypatch.setattr(rules, "A_DAY", 2)
    author = make_member()
    kept(author)
    kept(author)
    with pytest.raises(TooMany):
        kept(author)
    kept(make_member())


def png(width, height):
    """Return a picture whose head promises many pixels and whose body is nearly nothing."""

    def chunk(name, data):
        return (
            struct.pack(">I", len(data))
            + name
            + data
            + struct.pack(">I", zlib.crc32(name + data) & 0xFFFFFFFF)
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a" + b"\0" * 40,
        png(60_000, 60_000),
        png(6_000, 6_000)[:200],
        b"%PDF-1.7",
        b"\xff\xd8\xff\xe0 no more",
    ],
    ids=["svg", "gif", "bomb", "cut off", "pdf", "broken"],
)
def test_what_is_no_picture_is_refused_and_nothing_is_kept(app, data):
    author = make_member()
    with pytest.raises(Invalid):
        kept(author, data)
    assert db.session.scalar(select(func.count()).select_from(_PX)) == 0


def test_whoever_may_not_read_the_post_does_not_find_its_picture(writer, as_user):
    user, own = writer
    ref = kept(user)
    reader = as_user(make_colleague(make_company(), "viewer"))
    moderator = as_user(make_person(staff_role="moderator"))
    path = f"/club/pictures/{ref}"

    def codes():
        db.session.commit()
        return [each.get(path).status_code for each in (own, reader, moderator)]

    assert codes() == [200, 404, 404]  # in no post yet
    topic = make_topic(
        make_space(readers=["operations", "viewer"]), user, text=f"![x]({rules.named(ref)})"
    )
    assert codes() == [200, 200, 200]
    for table, where in ((ForumPost.__table__, "topic_id"), (ForumTopic.__table__, "id")):
        hidden = update(table).where(table.c[where] == topic.id)
        write(lambda on, hidden=hidden: on.execute(hidden.values(state="hidden")))
        assert codes() == [200, 404, 200]
        shown = "visible" if where == "topic_id" else "open"
        write(lambda on, hidden=hidden, shown=shown: on.execute(hidden.values(state=shown)))
    elsewhere = make_space(readers=["owner"]).id
    write(lambda on: on.execute(update(ForumTopic.__table__).values(space_id=elsewhere)))
    assert codes() == [200, 404, 200]


def test_a_picture_of_a_text_that_waits_is_seen_by_who_decides(writer, as_user):
    user, _own = writer
    ref, space = kept(user), make_space()
    text = Written(text=rules.written(ref, "Schaden"))
    db.session.commit()
    write(lambda on: holding.hold(space, None, text, user, title="Kaputt", on=on))
    moderator = as_user(make_person(staff_role="moderator"))
    reader = as_user(make_colleague(make_company(), "viewer"))
    codes = [each.get(f"/club/pictures/{ref}").status_code for each in (moderator, reader)]
    assert codes == [200, 404]


def test_pictures_that_nothing_shows_are_removed_after_a_week(app):
    author = make_member()
    loose, used, drafted = kept(author), kept(author), kept(author)
    make_topic(make_space(), author, text=rules.written(used, "x"))
    text = {"text": rules.written(drafted, "x")}
    write(lambda on: drafts.save("begin:packing", text, author.person_id, on=on))
    assert pictures.tidy() == 0
    at = db.session.scalar(select(_PX.c.created_at).where(_PX.c.ref == loose))
    db.session.commit()
    earlier = update(_PX).values(created_at=at - timedelta(days=8))
    write(lambda on: on.execute(earlier))
    key = db.session.scalar(select(_PX.c.key).where(_PX.c.ref == loose))
    assert pictures.tidy() == 1
    assert set(db.session.scalars(select(_PX.c.ref))) == {used, drafted}
    assert not files.path(key).exists()


def test_a_picture_is_put_into_the_text_with_and_without_a_script(writer):
    _user, browser = writer
    topic = make_topic(make_space(), make_member())
    sent = {"picture": (io.BytesIO(photo("PNG")), "x.png"), "alt": "Palette"}
    told = browser.post("/club/pictures", data=sent)
    assert told.status_code == 201
    ref = told.get_json()["ref"]
    assert told.get_json()["text"] == f"![Palette](picture:{ref})"
    plain = {
        "picture": (io.BytesIO(photo()), "x.jpg"),
        "alt": "Karton",
        "act": "picture",
        "text": "Sieh:",
    }
    page = browser.post(f"/club/t/{topic.ref}", data=plain)
    assert page.status_code == 200
    assert "![Karton](picture:PX" in page.get_data(as_text=True)
    nothing = browser.post(f"/club/t/{topic.ref}", data={"act": "picture", "text": "Bleibt stehen"})
    assert nothing.status_code == 422
    assert "Bleibt stehen" in nothing.get_data(as_text=True)
    seen = browser.post("/club/preview", data={"text": f"![a](picture:{ref}) **b**"})
    assert f'src="/club/pictures/{ref}"' in seen.get_data(as_text=True)
    assert topic_now(topic).last_no == 1


def test_no_picture_from_elsewhere_is_ever_shown(app):
    author = make_member()
    topic = make_topic(make_space(), author)
    make_reply(
        topic,
        author,
        "![a](https://track.er/p.png) ![b](data:image/png;base64,AA) ![c][r]\n\n[r]: //e.vil/x.gif",
    )
    html = html_of(author, topic, 2)
    assert "<img" not in html
    assert 'rel="nofollow ugc noopener"' in html
