"""The rooms that a club begins with. A centre edits them as it likes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from portal.club.rooms.models import ClubRoom

ALL = ["*"]
TAGS = ("zh-Hans", "zh-Hant", "en")
#: What a club begins with: slug, names, what each is for.
ROOMS = (
    (
        "lobby",
        ("大厅", "大廳", "The lobby"),
        (
            "随便聊聊：今天的活、路上的事、同行的招呼。",
            "隨便聊聊：今天的活、路上的事、同行的招呼。",
            "Anything: the day’s work, the road, a hello to colleagues.",
        ),
    ),
    (
        "on-the-road",
        ("路况与天气", "路況與天氣", "Roads and weather"),
        (
            "封路、排队、台风、港口拥堵，看到就说一声。",
            "封路、排隊、颱風、港口壅塞，看到就說一聲。",
            "Closed roads, queues, storms, busy ports: say what you see.",
        ),
    ),
    (
        "cold-chain",
        ("冷链互助", "冷鏈互助", "Cold chain"),
        (
            "冰板、温度记录、晚点怎么救，当场问当场答。",
            "冰板、溫度記錄、晚點怎麼救，當場問當場答。",
            "Plates, loggers, late trucks: ask and be answered at once.",
        ),
    ),
)


def found(now: datetime, on: Connection) -> None:
    """Make the rooms where there are none."""
    table = ClubRoom.__table__
    if on.scalar(select(table.c.id).limit(1)) is None:
        on.execute(insert(table), rows(now))


def rows(now: datetime) -> list[dict[str, Any]]:
    """Return the columns of the rooms, in their order."""
    return [_row(number, now, *said) for number, said in enumerate(ROOMS, 1)]


def _row(position: int, now: datetime, slug: str, names: Any, abouts: Any) -> dict[str, Any]:
    return {
        "slug": slug,
        "position": position,
        "names": dict(zip(TAGS, names, strict=True)),
        "abouts": dict(zip(TAGS, abouts, strict=True)),
        "readers": ALL,
        "writers": ALL,
        "kept_days": 30,
        "last_no": 0,
        "created_at": now,
    }
