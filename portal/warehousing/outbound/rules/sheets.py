"""Many orders in one sheet: which column is which, and which rows belong to one order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.core.errors import Invalid
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.rules import sheet_words
from portal.warehousing.goods.rules.sheet_words import FORMULA, LEVEL_WORDS
from portal.warehousing.outbound.rules import orders
from portal.warehousing.outbound.rules.asked import USUAL_POLICY, USUAL_SERVICE, Asked, AskedLine

#: Column → how people head it. The first is our own.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "order_ref": (
        *("orderref", "order", "orderno", "ordernumber", "reference", "订单号", "訂單號"),
        *("订单编号", "訂單編號", "客户单号", "客戶單號", "单号", "單號"),
    ),
    **{name: sheet_words.HEADINGS[name] for name in ("sku", "quantity", "level", "lot")},
    "name": ("consignee", "name", "receiver", "收货人", "收貨人", "收件人", "收货方", "收貨方"),
    "phone": (
        "phone",
        "telephone",
        "mobile",
        "电话",
        "電話",
        "手机",
        "手機",
        "联系电话",
        "聯絡電話",
    ),
    "address": ("address", "street", "地址", "详细地址", "詳細地址", "收货地址", "收貨地址"),
    "city": ("city", "城市", "市"),
    "postcode": ("postcode", "zip", "邮编", "郵編", "邮政编码", "郵遞區號"),
    "country": ("country", "国家", "國家", "国家或地区", "國家或地區"),
    "policy": ("policy", "缺货", "缺貨", "缺货处理", "缺貨處理"),
    "service": ("service", "服务", "服務", "配送服务", "配送服務"),
    "wished_on": (
        *("wishedon", "notbefore", "date", "日期", "发货日期", "發貨日期", "不早于", "不早於"),
    ),
    "note": ("note", "remark", "comment", "备注", "備註"),
}
NEEDED = ("order_ref", "sku", "quantity")
PARTY = ("name", "phone", "address", "city", "postcode", "country")
#: What is said once for an order, in any of its rows.
OF_ORDER = (*PARTY, "policy", "service", "wished_on", "note")
_POLICIES = {
    **{policy: policy for policy in orders.POLICIES},
    **dict.fromkeys(("all", "整单", "整單", "齐套"), "all_or_nothing"),
    **dict.fromkeys(("part", "部分", "有多少发多少"), "partial"),
    **dict.fromkeys(("wait", "缺货等待", "欠单", "等待"), "backorder"),
}
_SERVICES = {
    **{service: service for service in orders.SERVICES},
    **dict.fromkeys(("标准", "標準", "普通"), "standard"),
    **dict.fromkeys(("特快", "快递", "加急"), "express"),
    **dict.fromkeys(("冷链", "冷鏈"), "cold"),
}
MOST_ROWS = 100_000
TOO_LONG = _l("The file has more than %(limit)s rows. Split it up.", limit=MOST_ROWS)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: its number, the column, what stood there, and a sentence."""

    line: int
    column: str
    given: str
    sentence: Any


@dataclass
class Group:
    """The rows of one order."""

    order_ref: str
    first: int  # number of its first row
    said: dict[str, str] = field(default_factory=dict)
    lines: list[tuple[int, AskedLine]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def asked(self) -> Asked:
        """Return the order that the rows mean."""
        party = {name: self.said.get(name, "") for name in PARTY}
        party["country"] = party["country"] or "CN"
        is_fetched = not any(self.said.get(name) for name in PARTY)
        return Asked(
            order_ref=self.order_ref,
            policy=self.said.get("policy", USUAL_POLICY),
            service=self.said.get("service", USUAL_SERVICE),
            note=self.said.get("note", ""),
            wished_on=self.said.get("wished_on", ""),
            consignee=None if is_fetched else party,
            lines=[line for _, line in self.lines],
        )


def mapped(headers: Sequence[str]) -> dict[str, int]:
    """Return column → its place; raises Invalid where one is missing that is needed."""
    found = sheet_words.places(headers, HEADINGS)
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise Invalid(
            _l(
                "The sheet needs columns for the order, the code of the goods and the quantity. "
                "Download the template to see them."
            )
        )
    return found


def grouped(rows: Iterable[tuple[int, Mapping[str, str]]]) -> list[Group]:
    """Return the orders of a sheet in the order in which they begin.

    Rows belong together by the order's number; an empty one means that of the row above.
    """
    groups: dict[str, Group] = {}
    last: Group | None = None
    for number, (line, cells) in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise Invalid(
                _l("The file has more than %(limit)s rows. Split it up.", limit=MOST_ROWS)
            )
        ref = cells.get("order_ref", "").strip()
        if ref or last is None:
            last = groups.setdefault(ref, Group(ref, line))
        if not last.order_ref and line == last.first:
            sentence = _l("Every order needs a number of its own.")
            last.problems.append(Problem(line, "order_ref", "", sentence))
        _take(last, line, cells)
    return list(groups.values())


def _take(group: Group, line: int, cells: Mapping[str, str]) -> None:
    for name, text in cells.items():
        if text.startswith("="):
            group.problems.append(Problem(line, name, text, FORMULA))
    for name in OF_ORDER:
        given = cells.get(name, "").strip()
        if given:
            _say(group, line, name, given)
    level = LEVEL_WORDS.get(cells.get("level", "").strip().lower() or "each")
    if level is None:
        sentence = _l("Packing is one of each, inner, case, pallet.")
        group.problems.append(Problem(line, "level", cells["level"], sentence))
    asked = AskedLine(
        sku=cells.get("sku", ""),
        quantity=cells.get("quantity", ""),
        lot=cells.get("lot", ""),
        level=level or "each",
        place=str(line),
    )
    group.lines.append((line, asked))


def _say(group: Group, line: int, name: str, given: str) -> None:
    known = {"policy": _POLICIES, "service": _SERVICES}.get(name)
    value = given if known is None else known.get(given.lower(), given)
    before = group.said.setdefault(name, value)
    if before != value:
        sentence = _l("The rows of one order say different things here: “%(other)s”.", other=before)
        group.problems.append(Problem(line, name, given, sentence))


def problems_of(group: Group, errors: Iterable[Any]) -> list[Problem]:
    """Return what is wrong with the rows of an order; ``errors`` are those of ``asked``."""
    found = list(group.problems)
    for error in errors:
        place, _, name = error.field.rpartition(".")
        is_row = place.isdecimal()
        line = int(place) if is_row else group.first
        column = name if name in HEADINGS else "order_ref"
        given = _given(group, line, column) if is_row else group.said.get(column, "")
        found.append(Problem(line, column, given, error.message))
    return found


def _given(group: Group, line: int, column: str) -> str:
    asked = next((asked for number, asked in group.lines if number == line), None)
    return str(getattr(asked, column, "")) if asked else ""
