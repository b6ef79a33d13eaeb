"""Friendly links of the demo: invented partners with drawn logos, and invented offices.

All of them have addresses ending in ``.example``, which nobody can own; so only one, which is
there to show what a dead link looks like at the desk, is looked at.
"""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from portal.core.db import db
from portal.core.pdf.typefaces import FOLDER
from portal.demo.people import reference
from portal.pages.friends.models import Friend, FriendGroup
from portal.pages.service import pictures

SIZE = (640, 224)
KEPT = (320, 112)  # twice as wide as it is shown
INK, TEAL, SIGNAL, RED, BLUE = "#0d1e26", "#0d6370", "#ffc61a", "#c8452f", "#1d5b9c"
Pen = ImageDraw.ImageDraw


def _box(pen: Pen) -> None:
    pen.polygon(((40, 70), (112, 36), (184, 70), (112, 104)), fill=SIGNAL)
    pen.polygon(((40, 84), (104, 115), (104, 188), (40, 156)), fill=TEAL)
    pen.polygon(((184, 84), (120, 115), (120, 188), (184, 156)), fill=INK)


def _waves(pen: Pen) -> None:
    for row, colour in enumerate((BLUE, TEAL, INK)):
        top = 50 + row * 44
        for at in range(3):
            left = 36 + at * 52
            pen.arc((left, top, left + 52, top + 52), 180, 360, fill=colour, width=14)


def _track(pen: Pen) -> None:
    pen.line(((60, 190), (96, 34)), fill=INK, width=14)
    pen.line(((164, 190), (128, 34)), fill=INK, width=14)
    for top in range(56, 190, 32):
        pen.line(((46, top + 8), (178, top + 8)), fill=RED, width=10)


def _flake(pen: Pen) -> None:
    for start, end in (((112, 32), (112, 192)), ((43, 72), (181, 152)), ((181, 72), (43, 152))):
        pen.line((start, end), fill=BLUE, width=14)
    pen.ellipse((90, 90, 134, 134), fill="white", outline=BLUE, width=12)


def _leaf(pen: Pen) -> None:
    pen.pieslice((32, 32, 192, 192), 90, 270, fill="#1d7a4c")
    pen.pieslice((32, 32, 192, 192), 270, 450, fill="#9ac63b")
    pen.line(((112, 40), (112, 200)), fill="white", width=8)


def _shield(pen: Pen) -> None:
    pen.polygon(((40, 44), (184, 44), (184, 120), (112, 196), (40, 120)), fill=INK)
    pen.line(((76, 104), (104, 134), (154, 76)), fill=SIGNAL, width=16)


#: Name, what is found there, address, drawing.
PARTNERS: tuple[tuple[str, str, str, Callable[[Pen], None]], ...] = (
    ("东港周转箱", "可折叠周转箱按天租用，用完原地归还。", "crates", _box),
    ("沿海支线航运", "每周五班，临港至厦门、深圳、海防。", "feeder", _waves),
    ("江南铁路货运", "班列舱位与时刻，按周公布。", "rail", _track),
    ("北辰冷链", "冷藏与冷冻干线，温度记录随车。", "coldline", _flake),
    ("绿循环包装", "纸箱回收与再生填充材料。", "recycle", _leaf),
    ("安泰货运保险", "按票投保，网上理赔。", "cargo-cover", _shield),
)
#: Group (its place), name, what is found there, address.
OFFICES = (
    (2, "临港海关公告", "通关公告、查验安排与税则变动。", "customs-notices"),
    (2, "东海气象台", "沿海大雾、大风与台风预警。", "weather"),
    (2, "临港交通出行", "限行、施工与货车通行证。", "traffic"),
    (3, "全国道路运输协会", "行业标准与从业资格。", "road-association"),
    (3, "东海仓储联合会", "仓储安全检查表与年度报告。", "storage-union"),
    (3, "包装回收联盟", "循环包装的共用标准。", "packaging-alliance"),
    (4, "临港集装箱码头", "船期、截关时间与堆场状态。", "terminal"),
    (4, "杭州湾内河港", "内河驳船舱位。", "inland-port"),
    (5, "临港职业技术学院", "仓储与配送的公开课。", "college"),
    (5, "Incoterms 速查", "贸易术语与费用划分一览。", "incoterms"),
)
PROPOSED = (
    "宁波包装机械",
    "缠绕膜机与打包带，附操作视频。",
    "packing-machines",
    "周岚",
    "zhou@packing-machines.example",
)
DEAD = (4, "旧船期查询", "已由码头新站取代。", "old-schedules")


def load(rng: Random, now: datetime, by_id: int) -> None:
    """Add the links; the same ``rng`` and ``now`` give the same ones."""
    rows = db.session.execute(select(FriendGroup.position, FriendGroup.id))
    groups = {row.position: row.id for row in rows}
    if not groups:
        return
    for at, (name, says, host, draw) in enumerate(PARTNERS):
        logo = pictures.keep(logo_of(name, draw), by_id=by_id)
        _add(rng, now, groups[1], name, says, host, position=at, logo=logo, decided_by_id=by_id)
    for at, (group, name, says, host) in enumerate(OFFICES):
        _add(rng, now, groups[group], name, says, host, position=at, decided_by_id=by_id)
    group, name, says, host = DEAD
    seen = {"check_at": now + timedelta(hours=20), "checked_at": now - timedelta(hours=4)}
    dead = {"state": "hidden", "hidden_as_dead": True, "failures": 3, "found": "name"}
    _add(rng, now, groups[group], name, says, host, position=99, **seen, **dead)
    name, says, host, person, email = PROPOSED
    asked = {"state": "proposed", "contact_name": person, "contact_email": email}
    _add(rng, now, groups[1], name, says, host, position=99, **asked)


def _add(
    rng: Random, now: datetime, group_id: int, name: str, says: str, host: str, **more: Any
) -> None:
    values = {"state": "listed", "spam_score": 0, "spam_reasons": [], "failures": 0} | more
    db.session.add(
        Friend(
            ref=reference(rng, "F"),
            group_id=group_id,
            name=name,
            says=says,
            url=f"https://{host}.example/",
            proposed_at=now - timedelta(days=rng.randint(2, 300)),
            **values,
        )
    )


def logo_of(name: str, draw: Callable[[Pen], None]) -> bytes:
    """Return a logo as PNG: a sign and the name beside it."""
    picture = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(picture)
    draw(pen)
    font = ImageFont.truetype(str(FOLDER / "NotoSansSC_700Bold.ttf"), 62 if len(name) < 7 else 54)
    pen.text((224, SIZE[1] // 2), name, font=font, fill=INK, anchor="lm")
    output = io.BytesIO()
    picture.resize(KEPT, Image.Resampling.LANCZOS).save(output, "PNG")
    return output.getvalue()
