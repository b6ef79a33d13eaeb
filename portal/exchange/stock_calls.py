"""The calls of the API about the warehouse in words: goods in and out, returns, stock."""

from collections.abc import Mapping

from portal.core.i18n import lazy as _l
from portal.exchange import goods_answers, stock_answers
from portal.exchange.described import PAGE, Call
from portal.warehousing.goods import api as goods
from portal.warehousing.inbound.api import shapes as inbound_shapes
from portal.warehousing.outbound.api import json as outbound_json
from portal.warehousing.outbound.api import shapes as outbound_shapes
from portal.warehousing.returns import api as returns

STOCK_CALLS: Mapping[str, Call] = {
    "inbound_api.create": Call(
        summary=_l("Announce goods; the same order_ref again answers the same notice"),
        body=inbound_shapes.NewInbound,
        answer=inbound_shapes.InboundOut,
        statuses=(201, 200),
        problems=(403, 409, 422),
    ),
    "inbound_api.index": Call(
        summary=_l("List inbound notices, the newest first"),
        answer=inbound_shapes.InboundList,
        query={
            **PAGE,
            "status": _l("A status, or “expected”, “here”, “open”."),
            "q": _l("A reference, a sender, a vehicle or the code of goods."),
            "warehouse": _l("Only of the warehouse with this code."),
            "differs": _l("1: only those with differences that wait for an answer."),
        },
        problems=(404, 422),
    ),
    "inbound_api.free_slots": Call(
        summary=_l("List the free slots at the docks of a warehouse"),
        answer=inbound_shapes.InboundSlots,
        query={"warehouse": _l("The code of the warehouse.")},
        problems=(422,),
    ),
    "inbound_api.show": Call(
        summary=_l("Read one inbound notice, with its lines and differences"),
        answer=inbound_shapes.InboundOut,
        problems=(404,),
    ),
    "inbound_api.change": Call(
        summary=_l("Change a notice until it arrives, announce a draft, choose a slot"),
        body=inbound_shapes.InboundChange,
        answer=inbound_shapes.InboundOut,
        problems=(403, 404, 409, 422),
    ),
    "inbound_api.cancel": Call(
        summary=_l("Cancel a notice before its goods are received"),
        body=inbound_shapes.InboundCancel,
        answer=inbound_shapes.InboundOut,
        problems=(403, 404, 409, 422),
    ),
    "inbound_api.answer": Call(
        summary=_l("Accept or decline a difference of a notice"),
        body=inbound_shapes.InboundAnswerShape,
        answer=inbound_shapes.InboundOut,
        problems=(403, 404, 409, 422),
    ),
    "outbound_api.create": Call(
        summary=_l("Order goods out of stock; the same order_ref again answers the same order"),
        body=outbound_shapes.NewOutbound,
        answer=outbound_json.OutboundOut,
        statuses=(201, 200),
        problems=(403, 409, 422),
    ),
    "outbound_api.index": Call(
        summary=_l("List orders out of stock, the newest first"),
        answer=outbound_json.OutboundList,
        query={
            **PAGE,
            "status": _l("Only these: statuses with commas between them, or “open”."),
            "q": _l("A reference, the code of goods, or the beginning of a consignee."),
            "warehouse": _l("Only of the warehouse with this code."),
            "from": _l("Ordered from this day on."),
            "to": _l("Ordered until this day."),
            "sort": _l("newest or due."),
        },
        problems=(404, 422),
    ),
    "outbound_api.show": Call(
        summary=_l("Read one order out of stock, with its lines and how far they are"),
        answer=outbound_json.OutboundOut,
        problems=(404,),
    ),
    "outbound_api.change": Call(
        summary=_l("Change an order: its lines until it is released, the rest until it is packed"),
        body=outbound_shapes.OutboundChange,
        answer=outbound_json.OutboundOut,
        problems=(403, 404, 409, 422),
    ),
    **{
        f"outbound_api.{name}": Call(
            summary=summary,
            body=outbound_shapes.OutboundAct,
            answer=outbound_json.OutboundOut,
            problems=(403, 404, 409, 422),
        )
        for name, summary in (
            ("submit", _l("Hand in an order that was a draft")),
            ("cancel", _l("Cancel an order that has not left")),
            ("hold", _l("Put an order on hold before it is picked")),
            ("resume", _l("Let an order go on that its owner had put on hold")),
            ("send_now", _l("Send what has come of an order that waits; the rest follows")),
        )
    },
    "goods_api.index": Call(
        summary=_l("List goods by their codes"),
        answer=goods_answers.SkuList,
        query={
            **PAGE,
            "q": _l("Words to be found: codes, GTINs, names."),
            "storage_class": _l("One storage class, such as chilled."),
            "lot_policy": _l("“none”, “lot” or “serial”."),
            "active": _l("“1” in use (without it), “0” out of use, “all” both."),
            "sort": _l("“code”, “name” or “newest”."),
            "company": _l("For staff: the reference of the owner."),
        },
        problems=(404, 422),
    ),
    "goods_api.create": Call(
        summary=_l("Enter goods"),
        body=goods.NewSku,
        answer=goods_answers.SkuAnswer,
        statuses=(201,),
        problems=(403, 409, 413, 422),
    ),
    "goods_api.show": Call(
        summary=_l("Read one kind of goods"),
        answer=goods_answers.SkuAnswer,
        query={"company": _l("For staff: the reference of the owner.")},
        problems=(404,),
    ),
    "goods_api.change": Call(
        summary=_l("Change goods; what the ledger counts by stays once there was stock"),
        body=goods.SkuChange,
        answer=goods_answers.SkuAnswer,
        problems=(403, 404, 409, 413, 422),
    ),
    "stock_api.stock": Call(
        summary=_l("List stock by article and warehouse, now or as of a moment"),
        answer=stock_answers.StockList,
        query={
            "as_of": _l("A day (its end) or a time with its offset; promises are then null."),
            "lots": _l("“1”: with the lots of each, of the present alone."),
            "warehouse": _l("The code of one warehouse."),
            "q": _l("The beginning of a code, a part of a name, or a GTIN."),
            "company": _l("Staff: the reference of one owner."),
            **PAGE,
        },
        problems=(404, 422),
    ),
    "stock_api.stock_entries": Call(
        summary=_l("List the entries of the stock ledger, the newest first"),
        answer=stock_answers.EntryList,
        query={
            "sku": _l("The code of one article."),
            "kind": _l("One kind of movement, such as “receive”."),
            "document": _l("The reference of a notice, order, return or count."),
            "lot": _l("One lot."),
            "warehouse": _l("The code of one warehouse."),
            "from": _l("From this day, or this time with its offset."),
            "to": _l("Before this time; of a day: before its end."),
            "company": _l("Staff: the reference of one owner."),
            **PAGE,
        },
        problems=(404, 422),
    ),
    "returns_api.index": Call(
        summary=_l("List returns, the newest first"),
        answer=returns.ReturnList,
        query={
            **PAGE,
            "status": _l("open, requested, coming, inspecting, deciding, settling or ended."),
            "q": _l("A reference, an order, a tracking number or the code of goods."),
        },
        problems=(403, 422),
    ),
    "returns_api.create": Call(
        summary=_l("Ask for a return; the same return_ref again answers with the one that exists"),
        body=returns.NewReturn,
        answer=returns.ReturnAnswer,
        statuses=(201, 200),
        problems=(403, 409, 422),
    ),
    "returns_api.show": Call(
        summary=_l("Get a return with what came of it, and what became of that"),
        answer=returns.ReturnAnswer,
        problems=(403, 404),
    ),
}
