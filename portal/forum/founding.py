"""The spaces that a club begins with. A centre edits them as it likes."""

from typing import Any

from sqlalchemy import Connection, insert, select

from portal.forum.models import ForumSpace

ALL, CENTRE = ["*"], ["agent", "sales", "moderator", "manager", "admin"]
TAGS = ("zh-Hans", "zh-Hant", "en")
#: What a club begins with: slug, kind, who begins topics, names and what each is for.
SPACES = (
    (
        "experience",
        "talk",
        ALL,
        ("经验交流", "經驗交流", "Experience"),
        (
            "做物流的门道：用过的办法、踩过的坑。",
            "做物流的門道：用過的辦法、踩過的坑。",
            "What worked, and what did not.",
        ),
    ),
    (
        "packing",
        "question",
        ALL,
        ("包装与冷链", "包裝與冷鏈", "Packing and cold chain"),
        (
            "箱型、缓冲、冰板、温度记录。",
            "箱型、緩衝、冰板、溫度記錄。",
            "Boxes, cushioning, ice plates, loggers.",
        ),
    ),
    (
        "lanes",
        "talk",
        ALL,
        ("线路与旺季", "線路與旺季", "Lanes and seasons"),
        (
            "哪条线快、哪天堵、旺季怎么排。",
            "哪條線快、哪天塞、旺季怎麼排。",
            "Which lanes run, and how to plan the peak.",
        ),
    ),
    (
        "customs",
        "question",
        ALL,
        ("报关与单证", "報關與單據", "Customs and papers"),
        (
            "归类、申报要素、随货单证。",
            "歸類、申報要素、隨貨單據。",
            "Classification, declarations, papers that travel along.",
        ),
    ),
    (
        "suggestions",
        "suggestion",
        ALL,
        ("意见建议", "意見建議", "Suggestions"),
        (
            "希望中心怎么改，进展在这里公布。",
            "希望中心怎麼改，進展在這裡公布。",
            "What the centre should do better, and what becomes of it.",
        ),
    ),
    (
        "offers",
        "offer",
        ALL,
        ("闲置与拼货", "閒置與拼貨", "Idle space and consolidation"),
        (
            "余下的库容、回程车、拼货信息。",
            "剩餘的庫容、回程車、拼貨資訊。",
            "Idle space, return trips, goods to go together.",
        ),
    ),
    (
        "centre",
        "staff",
        CENTRE,
        ("中心回复", "中心回覆", "The centre answers"),
        (
            "中心的说明与常见问题的正式答复。",
            "中心的說明與常見問題的正式答覆。",
            "What the centre explains, for everybody.",
        ),
    ),
    (
        "off-topic",
        "talk",
        ALL,
        ("茶水间", "茶水間", "Off topic"),
        ("与业务无关，但也想聊聊的。", "與業務無關，但也想聊聊的。", "Anything else."),
    ),
)


def found(on: Connection) -> None:
    """Make the spaces where there are none."""
    table = ForumSpace.__table__
    if on.scalar(select(table.c.id).limit(1)) is None:
        on.execute(insert(table), rows())


def rows() -> list[dict[str, Any]]:
    """Return the columns of the spaces, in their order."""
    return [_row(number, *space) for number, space in enumerate(SPACES, 1)]


def _row(position: int, *said: Any) -> dict[str, Any]:
    slug, kind, starters, names, abouts = said
    return {
        "slug": slug,
        "kind": kind,
        "position": position,
        "names": dict(zip(TAGS, names, strict=True)),
        "abouts": dict(zip(TAGS, abouts, strict=True)),
        "readers": ALL,
        "starters": starters,
        "repliers": ALL,
        "least_trust": 0,
        "topic_count": 0,
        "post_count": 0,
    }
