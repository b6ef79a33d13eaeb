"""What a column of an import can mean: each field's kind, titles, names in the wild, and need."""

from dataclasses import dataclass
from typing import Any

from portal.core.i18n import lazy as _l

NEW, HISTORY = "new", "history"
MODES = (NEW, HISTORY)


@dataclass(frozen=True)
class Field:
    """A thing a column can hold.

    ``part`` is where it goes: order, consignor, consignee, piece or history. ``names`` are
    headers seen in files, in English and in simplified Chinese (traditional headers are
    simplified before they are compared). ``required`` lists the modes that cannot do without.
    ``several`` fields may come from more than one column.
    """

    key: str
    part: str
    kind: str
    title: Any
    names: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    several: bool = False
    limit: int = 200
    modes: tuple[str, ...] = MODES


PARTY_PARTS = {
    "name": ("name", "full name", "company", "contact", "姓名", "名称", "名字", "公司", "单位",
             "联系人", "人", "方"),
    "phone": ("phone", "telephone", "tel", "mobile", "cell", "phone number", "contact number",
              "电话", "手机", "手机号", "手机号码", "电话号码", "联系电话", "联系方式", "人电话",
              "人手机", "人手机号", "人联系电话", "人联系方式"),
    "address": ("address", "street", "address line", "address 1", "street address", "地址",
                "详细地址", "街道", "人地址", "人详细地址", "省", "省份", "区", "区县", "人省份",
                "人区县", "人省", "人区", "province", "state", "district"),
    "city": ("city", "town", "城市", "市", "人城市", "人市", "地级市"),
    "country": ("country", "country code", "nation", "国家", "国别", "国家地区", "人国家"),
    "postcode": ("postcode", "zip", "zip code", "postal code", "邮编", "邮政编码", "人邮编"),
}  # fmt: skip
PARTY_NAMES = {
    "consignee": ("consignee", "receiver", "recipient", "ship to", "deliver to", "destination",
                  "delivery", "to", "收货", "收件", "收", "收货方", "收件方", "目的", "目的地"),
    "consignor": ("consignor", "sender", "shipper", "ship from", "from", "pickup", "发货", "发件",
                  "寄件", "寄", "发货方", "寄件方", "始发", "提货"),
}  # fmt: skip
ALONE = {
    "consignee_name": ("consignee", "receiver", "recipient", "customer", "customer name", "name",
                       "client", "收货人", "收件人", "客户", "客户名称", "姓名", "收货单位",
                       "收货方"),
    "consignor_name": ("consignor", "sender", "shipper", "vendor", "supplier", "seller",
                       "vendor name", "supplier name", "发货人", "发件人", "寄件人", "供应商",
                       "卖家", "发货单位", "发货方"),
}  # fmt: skip


def _party(role: str, part: str) -> tuple[str, ...]:
    words = PARTY_PARTS[part]
    joined = [
        f"{whose} {word}" if whose.isascii() else f"{whose}{word}"
        for whose in PARTY_NAMES[role]
        for word in words
        if whose.isascii() == word.isascii()
    ]
    # A bare "phone" or "city" means the one the goods go to.
    alone = role == "consignee" and part != "name"
    bare = [word for word in words if alone and not word.startswith("人")]
    return (*ALONE.get(f"{role}_{part}", ()), *joined, *bare)


def _consignor(part: str, title: Any, kind: str = "text", limit: int = 200) -> Field:
    required: tuple[str, ...] = (
        (NEW,) if part in ("name", "phone", "address", "city", "country") else ()
    )
    several = part == "address"
    return Field(
        f"consignor_{part}", "consignor", kind, title, _party("consignor", part), required,
        several, limit,
    )  # fmt: skip


def _consignee(part: str, title: Any, kind: str = "text", limit: int = 200) -> Field:
    required: tuple[str, ...] = (NEW,) if part in ("name", "phone", "address", "city") else ()
    if part == "country":
        required = MODES
    several = part == "address"
    return Field(
        f"consignee_{part}", "consignee", kind, title, _party("consignee", part), required,
        several, limit,
    )  # fmt: skip


ALL = (
    Field("order_ref", "order", "reference", _l("Order number"), (
        "order number", "order no", "order ref", "order_ref", "order id", "order", "po",
        "po number", "po no", "po so", "so", "so number", "so no", "purchase order",
        "sales order", "customer order", "reference", "customer reference", "订单号", "订单编号",
        "客户单号", "客户订单号", "商家单号", "外部单号", "采购单号", "销售单号", "单号",
    ), (NEW,), limit=64),
    Field("consignment", "order", "reference", _l("Consignment number"), (
        "consignment", "consignment no", "consignment number", "asn", "asn dn", "asn number",
        "dn", "dn number", "delivery note", "delivery note number", "shipment", "shipment no",
        "shipment number", "shipment id", "waybill", "waybill number", "awb", "tracking number",
        "发货单号", "送货单号", "运单号", "运单编号", "货运单号", "出库单号", "批次号", "托运单号",
    ), limit=64),
    Field("line_id", "piece", "reference", _l("Line number"), (
        "id", "line id", "line", "line no", "line number", "item no", "item id", "row id",
        "行号", "序号", "行项目", "明细号",
    ), limit=64),
    Field("service", "order", "service", _l("Service"), (
        "service", "service type", "service level", "product type", "服务", "服务类型", "服务产品",
        "产品类型", "时效", "时效类型", "快递类型", "运输服务",
    ), (NEW,)),
    _consignor("name", _l("Consignor")),
    _consignor("phone", _l("Consignor’s phone"), "phone"),
    _consignor("address", _l("Consignor’s address"), limit=500),
    _consignor("city", _l("Consignor’s city"), limit=100),
    _consignor("country", _l("Consignor’s country"), "country"),
    _consignor("postcode", _l("Consignor’s postcode"), limit=20),
    _consignee("name", _l("Consignee")),
    _consignee("phone", _l("Consignee’s phone"), "phone"),
    _consignee("address", _l("Consignee’s address"), limit=500),
    _consignee("city", _l("Consignee’s city"), limit=100),
    _consignee("country", _l("Consignee’s country"), "country"),
    _consignee("postcode", _l("Consignee’s postcode"), limit=20),
    Field("goods", "piece", "text", _l("Goods"), (
        "goods", "goods name", "item", "item name", "item description", "description",
        "product", "product name", "commodity", "cargo", "contents", "sku name", "货物",
        "货物名称", "货名", "品名", "商品", "商品名称", "商品信息", "物品", "物品名称", "托寄物",
        "产品名称", "货品名称", "货品",
    ), MODES, limit=300),
    Field("quantity", "piece", "quantity", _l("Quantity"), (
        "quantity", "qty", "line item quantity", "item quantity", "count", "pieces", "pcs",
        "order quantity", "number of pieces", "数量", "件数", "商品数量", "货物数量", "总件数",
    ), (NEW,)),
    Field("unit", "piece", "unit", _l("Unit"), (
        "unit", "uom", "unit of measure", "quantity unit", "单位", "计量单位", "数量单位", "包装",
    )),
    Field("weight", "piece", "weight", _l("Weight"), (
        "weight", "gross weight", "weight g", "weight kg", "weight_g", "weight_kg",
        "total weight", "actual weight", "重量", "毛重", "总重量", "实际重量", "货物重量", "总重",
    ), (NEW,)),
    Field("length", "piece", "length", _l("Length"), (
        "length", "length cm", "length mm", "length_mm", "长", "长度",
    )),
    Field("width", "piece", "length", _l("Width"), (
        "width", "width cm", "width mm", "width_mm", "宽", "宽度",
    )),
    Field("height", "piece", "length", _l("Height"), (
        "height", "height cm", "height mm", "height_mm", "高", "高度",
    )),
    Field("dimensions", "piece", "dimensions", _l("Length × width × height"), (
        "dimensions", "size", "dimension", "lwh", "l w h", "measurements",
        "尺寸", "长宽高", "规格尺寸",
        "外形尺寸", "包装尺寸",
    )),
    Field("declared_value", "order", "money", _l("Declared value of the consignment"), (
        "declared value", "goods value", "total value", "insured value", "order value",
        "声明价值", "申报价值", "货值", "货物价值", "保价金额", "保价", "订单金额",
    )),
    Field("line_value", "piece", "money", _l("Value of the line"), (
        "line item value", "line value", "line total", "item value", "amount", "金额", "行金额",
        "商品金额", "小计",
    )),
    Field("currency", "order", "currency", _l("Currency"), (
        "currency", "currency code", "币种", "货币", "币别",
    )),
    Field("cod", "order", "money", _l("Cash on delivery"), (
        "cod", "cod amount", "cash on delivery", "collect on delivery", "代收货款", "到付金额",
        "代收金额", "货到付款", "代收",
    ), modes=(NEW,)),
    Field("window_from", "order", "moment", _l("Deliver from"), (
        "deliver from", "window from", "delivery window from", "deliver after", "earliest",
        "earliest delivery", "送货开始时间", "期望送达开始", "最早送达", "配送开始时间",
    ), modes=(NEW,)),
    Field("window_to", "order", "moment", _l("Deliver until"), (
        "deliver until", "window to", "delivery window to", "deliver by", "deliver before",
        "latest", "latest delivery", "due date", "送货结束时间", "期望送达结束", "最晚送达",
        "配送结束时间", "期望送达时间", "要求到货时间", "要求送达时间",
    ), modes=(NEW,)),
    Field("ordered_at", "order", "moment", _l("Ordered at"), (
        "ordered at", "order date", "order time", "ordered on", "order created", "created at",
        "po date", "po sent date", "po sent to vendor date", "purchase date", "下单时间",
        "下单日期", "订单日期", "订单时间", "创建时间", "订购日期", "付款时间",
    )),
    Field("note", "order", "lines", _l("Note"), (
        "note", "notes", "remark", "remarks", "comment", "comments", "instructions",
        "delivery instructions", "备注", "说明", "买家留言", "卖家备注", "特殊要求",
    ), several=True, limit=2000),
    Field("status", "history", "word", _l("Status"), (
        "status", "delivery status", "order status", "状态", "订单状态", "物流状态", "签收状态",
    ), modes=(HISTORY,)),
    Field("planned", "history", "day", _l("Planned delivery"), (
        "planned delivery", "planned delivery date", "planned date", "scheduled delivery date",
        "scheduled delivery", "scheduled date", "promised date", "promise date",
        "expected delivery date", "计划送达日期", "计划送达", "计划到货日期", "预计送达日期",
        "承诺送达日期", "应到日期", "计划交货日期",
    ), modes=(HISTORY,)),
    Field("delivered", "history", "day", _l("Delivered at"), (
        "delivered", "delivered date", "delivered on", "delivered at", "delivery date",
        "delivered to client date", "actual delivery date", "actual delivery", "signed at",
        "received date", "签收时间", "签收日期", "实际送达日期", "实际送达", "送达日期", "送达时间",
        "实际到货日期", "妥投时间", "实际交货日期",
    ), (HISTORY,), modes=(HISTORY,)),
    Field("recorded", "history", "day", _l("Delivery recorded"), (
        "delivery recorded date", "delivery recorded", "recorded date", "recorded on",
        "记录日期", "登记日期", "录入日期", "签收登记日期", "回单日期",
    ), modes=(HISTORY,)),
    Field("mode", "history", "word", _l("Mode of transport"), (
        "shipment mode", "mode", "transport mode", "mode of transport", "shipping mode",
        "shipping method", "运输方式", "运输模式", "发运方式",
    ), limit=40, modes=(HISTORY,)),
    Field("freight", "history", "money", _l("Freight cost"), (
        "freight cost", "freight", "freight charge", "shipping cost", "shipping fee",
        "transport cost", "运费", "运费金额", "物流费", "快递费", "运输费用",
    ), modes=(HISTORY,)),
    Field("insurance", "history", "money", _l("Insurance"), (
        "insurance", "line item insurance", "insurance cost", "insurance fee", "保险费", "保费",
    ), modes=(HISTORY,)),
    Field("origin", "history", "text", _l("Place of origin"), (
        "manufacturing site", "origin", "place of origin", "made in", "manufacturer",
        "production site", "产地", "原产地", "生产地", "生产厂家", "厂家",
    ), limit=300, modes=(HISTORY,)),
    Field("product_group", "history", "text", _l("Product group"), (
        "product group", "product category", "category", "commodity group", "产品组", "品类",
        "商品类别", "货物类别", "类别",
    ), modes=(HISTORY,)),
    Field("reference", "order", "text", _l("Keep as a further reference"),
          several=True, limit=500),
)  # fmt: skip
FIELDS: dict[str, Field] = {field.key: field for field in ALL}


def choices(mode: str) -> list[Field]:
    """Return the fields a column may be given in ``mode``, in the order to offer them."""
    return [field for field in ALL if mode in field.modes]


def required(mode: str) -> list[Field]:
    """Return the fields that ``mode`` cannot do without."""
    return [field for field in ALL if mode in field.required]
