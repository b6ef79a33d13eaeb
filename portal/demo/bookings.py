"""Who advertises in the demo: invented advertisers, what they booked and what they say."""

from dataclasses import dataclass, field

#: Zone → how often its pages are opened on an ordinary working day.
TRAFFIC = {
    "home_hero": 620,
    "strip": 410,
    "side": 380,
    "tracking": 900,
    "member_home": 240,
    "club": 120,
}


@dataclass(frozen=True)
class Design:
    """A creative: what kind, where, its words (headline, line) by language, how it is clicked."""

    name: str
    kind: str
    zones: tuple[str, ...]
    words: dict[str, tuple[str, str]]
    rate: float  # valid clicks of valid views
    scene: str = ""
    weight: int = 10
    colour: str = "teal"


@dataclass(frozen=True)
class Booking:
    """A campaign of the demo; days are counted from now, negative ones lie in the past."""

    advertiser: str
    title: str
    address: str
    state: str
    runs: tuple[int, int | None]
    designs: tuple[Design, ...]
    share: float = 0.0  # of the traffic of its zones
    priority: int = 2
    weight: int = 10
    cap: int | None = None
    is_booked: bool = True
    targeting: dict[str, list[str]] = field(default_factory=dict)


def _said(
    hans: str, hans2: str, hant: str, hant2: str, *english: str
) -> dict[str, tuple[str, str]]:
    return {"zh-Hans": (hans, hans2), "zh-Hant": (hant, hant2), "en": (english[0], english[1])}


_CRATES = ("home_hero", "side", "tracking")
BOOKINGS = (
    Booking(
        "绿箱租赁",
        "周转箱按天租",
        "https://greencrate.example/rent",
        "running",
        (-58, 24),
        (
            Design(
                "A：按天租",
                "image",
                _CRATES,
                _said(
                    "可折叠周转箱，按天租",
                    "四色可选，满百箱免押金",
                    "可摺疊周轉箱，按天租",
                    "四色可選，滿百箱免押金",
                    "Crates by the day",
                    "Four colours, no deposit from 100",
                ),
                0.0068,
                "crates",
            ),
            Design(
                "B：省纸箱",
                "image",
                _CRATES,
                _said(
                    "一只周转箱，省下 60 个纸箱",
                    "用完上门收，洗净再出租",
                    "一個周轉箱，省下 60 個紙箱",
                    "用完上門收，洗淨再出租",
                    "One crate saves 60 cartons",
                    "We collect, wash and rent again",
                ),
                0.0091,
                "crates",
            ),
        ),
        0.34,
        priority=1,
        cap=4,
    ),
    Booking(
        "极冰科技",
        "冷链保温箱 会员价",
        "https://polarpack.example/members",
        "running",
        (-44, 30),
        (
            Design(
                "保温箱",
                "image",
                ("member_home", "tracking", "strip"),
                _said(
                    "72 小时恒温，全程有曲线",
                    "会员试用两箱，免运费",
                    "72 小時恆溫，全程有曲線",
                    "會員試用兩箱，免運費",
                    "72 hours cold, with its curve",
                    "Members try two boxes free",
                ),
                0.0083,
                "cold",
            ),
        ),
        0.30,
        cap=3,
        targeting={"audience": ["member"]},
    ),
    Booking(
        "东海货运保险",
        "按票投保",
        "https://eastsea-cargo.example/quote",
        "running",
        (-60, 12),
        (
            Design(
                "按票投保",
                "image",
                ("strip", "tracking", "side"),
                _said(
                    "一票一保，三分钟出单",
                    "货损先赔，再谈责任",
                    "一票一保，三分鐘出單",
                    "貨損先賠，再談責任",
                    "Insure one consignment",
                    "Paid first, argued later",
                ),
                0.0061,
                "ship",
            ),
            Design(
                "文字",
                "text",
                ("tracking", "side"),
                _said(
                    "贵重货物，按票投保",
                    "保费从 6 元起，签收后自动结束",
                    "貴重貨物，按票投保",
                    "保費從 6 元起，簽收後自動結束",
                    "Valuable goods? Insure them",
                    "From CNY 6, ends at delivery",
                ),
                0.0057,
                colour="ink",
            ),
        ),
        0.26,
        targeting={"hour": [str(hour) for hour in range(7, 22)]},
    ),
    Booking(
        "临港叉车学校",
        "叉车培训班 冬季",
        "https://forklift-school.example/winter",
        "running",
        (-26, 40),
        (
            Design(
                "会动的叉车",
                "html5",
                ("side", "club", "strip"),
                _said(
                    "叉车证，十天学会",
                    "周末班，每周一开课",
                    "堆高機證，十天學會",
                    "週末班，每週一開課",
                    "Forklift licence in ten days",
                    "Weekend classes, every Monday",
                ),
                0.0102,
                "forklift",
            ),
        ),
        0.22,
    ),
    Booking(
        "临港配送中心",
        "本中心：价格估算",
        "/estimate",
        "running",
        (-60, None),
        (
            Design(
                "估价",
                "image",
                tuple(TRAFFIC),
                _said(
                    "运费多少，三步算出",
                    "标准、时效、冷链，先看价再下单",
                    "運費多少，三步算出",
                    "標準、時效、冷鏈，先看價再下單",
                    "What will it cost? Three steps",
                    "See the price before you order",
                ),
                0.0121,
                "lanes",
            ),
        ),
        0.12,
        priority=3,
        is_booked=False,
    ),
    Booking(
        "青禾包装",
        "瓦楞纸箱 新客",
        "https://qinghe-box.example/new",
        "in_review",
        (2, 32),
        (
            Design(
                "纸箱",
                "image",
                ("side", "strip"),
                _said(
                    "纸箱按需裁切，当天送仓",
                    "首单满 500 只减一成",
                    "紙箱按需裁切，當天送倉",
                    "首單滿 500 個減一成",
                    "Cartons cut to size, same day",
                    "10 % off the first 500",
                ),
                0.0,
                "cartons",
            ),
        ),
    ),
    Booking(
        "极冰科技",
        "双十一 加急冷链",
        "https://polarpack.example/peak",
        "ended",
        (-22, -9),
        (
            Design(
                "高峰",
                "text",
                ("home_hero", "tracking"),
                _said(
                    "高峰不断链",
                    "加急冷链，夜里也发车",
                    "高峰不斷鏈",
                    "加急冷鏈，夜裡也發車",
                    "Cold through the peak",
                    "Express reefers leave at night too",
                ),
                0.0049,
                colour="rust",
            ),
        ),
        0.20,
    ),
)
