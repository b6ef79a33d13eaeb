"""The calls of the API in words: endpoint → what it does, takes and answers.

A call that is missing here is still described, by the first line of its view's docstring.
"""

from collections.abc import Mapping

from portal.accounts.api import Credentials
from portal.consignments.api import shapes
from portal.core.i18n import lazy as _l
from portal.enquiries import api as messages
from portal.exchange import answers, outside
from portal.exchange.club_calls import CLUB_CALLS
from portal.exchange.described import PAGE, Call
from portal.exchange.stock_calls import STOCK_CALLS
from portal.membership.api import shapes as membership
from portal.promotion.api import Seen
from portal.tracking.api import NewLink

_CONSIGNMENT = answers.ConsignmentAnswer
CALLS: Mapping[str, Call] = {
    "auth_api.token": Call(
        summary=_l("Get a token for some hours, with all rights of the person"),
        body=Credentials,
        answer=outside.TokenAnswer,
        public=True,
        problems=(403, 422),
    ),
    "ads_api.choose": Call(
        summary=_l("Choose an advertisement for a zone; 204 where there is none for this reader"),
        answer=outside.AdAnswer,
        statuses=(200, 204),
        query={
            "page": _l("The part of the site, such as “tracking”."),
            "language": _l("“zh-Hans”, “zh-Hant” or “en”."),
        },
        public=True,
        problems=(404,),
    ),
    "ads_api.view": Call(
        summary=_l("Report that half of an advertisement was visible for its time"),
        body=Seen,
        statuses=(204,),
        public=True,
        problems=(422,),
    ),
    "ads_api.click": Call(
        summary=_l("Follow a click to the address of its campaign; it is counted on the way"),
        statuses=(302,),
        public=True,
        problems=(404,),
    ),
    "consignments_api.create": Call(
        summary=_l(
            "Order a consignment; the same order_ref again answers with the one that exists"
        ),
        body=shapes.NewConsignment,
        answer=_CONSIGNMENT,
        statuses=(201, 200),
        problems=(403, 409, 413, 422),
    ),
    "incidents_api.index": Call(
        summary=_l("List incidents: what went wrong, or is foreseen to"),
        answer=answers.IncidentList,
        query={
            **PAGE,
            "state": _l("One state; without it all that are not settled."),
            "kind": _l("One class, such as late_delivery."),
            "no": _l("Those of one consignment."),
        },
        problems=(403, 422),
    ),
    "consignments_api.index": Call(
        summary=_l("List consignments"),
        answer=answers.ConsignmentList,
        query={
            "status": _l("Statuses separated by commas, “active”, or “step:” and a big step."),
            "q": _l("Words to be found: number, order reference, names, cities, addresses, note."),
            "from": _l("Ordered from this day, or this time with its offset."),
            "to": _l("Ordered before this day, or this time with its offset."),
            "sort": _l("“newest”, “changed”, “planned” or “ordered”, all of them downwards."),
            **PAGE,
        },
        problems=(422,),
    ),
    "consignments_api.show": Call(
        summary=_l("Read a consignment"), answer=_CONSIGNMENT, problems=(404,)
    ),
    "consignments_api.amend": Call(
        summary=_l("Change parties, window or note while the goods have not been picked up"),
        body=shapes.ConsignmentChange,
        answer=_CONSIGNMENT,
        problems=(403, 404, 409, 422),
    ),
    "consignments_api.cancel": Call(
        summary=_l("Cancel a consignment while the goods have not been picked up"),
        body=shapes.Cancellation,
        answer=_CONSIGNMENT,
        problems=(403, 404, 409, 422),
    ),
    "events_api.push": Call(
        summary=_l("Record an event; the same source_event_id again answers as the first time"),
        body=shapes.EventShape,
        answer=answers.PushedAnswer,
        statuses=(201, 200),
        problems=(403, 404, 409, 422),
    ),
    "events_api.index": Call(
        summary=_l("List the events of a consignment"),
        answer=answers.EventList,
        query=PAGE,
        problems=(404, 422),
    ),
    "events_api.push_many": Call(
        summary=_l("Record up to 1,000 events; each row is answered for itself"),
        body=shapes.Batch,
        answer=answers.Results,
        statuses=(207,),
        problems=(403, 413, 422),
    ),
    "events_api.retract": Call(
        summary=_l("Withdraw a wrong event by a new one that names it"),
        body=shapes.Retraction,
        answer=answers.PushedAnswer,
        statuses=(201,),
        problems=(403, 404, 409, 422),
    ),
    "events_api.attach": Call(
        summary=_l("Add a photo to an event (JPEG, PNG or WebP, at most 12 MB)"),
        answer=answers.AttachmentAnswer,
        statuses=(201,),
        upload=True,
        problems=(403, 404, 409, 413, 422),
    ),
    "papers_api.show": Call(
        summary=_l("Read a paper: waybill, label (A6), packing-list or pod (delivery note)"),
        file="application/pdf",
        problems=(404, 409),
    ),
    "evidence_api.archive": Call(
        summary=_l("Fetch the evidence pack: all events, photos, and how to check them"),
        file="application/zip",
        problems=(404,),
    ),
    "evidence_api.paper": Call(
        summary=_l("Read the paper of the evidence pack"),
        file="application/pdf",
        problems=(404,),
    ),
    "events_api.attachment": Call(summary=_l("Read a photo"), file="image/jpeg", problems=(404,)),
    "stream_api.stream": Call(
        summary=_l("Follow what happens by asking again: the same objects as over Socket.IO"),
        answer=outside.StreamAnswer,
        query={
            "topic": _l("“consignment”, “company”, “board” or “me”."),
            "ref": _l("The number of the consignment."),
            "token": _l("The token of a share link, for those who are not signed in."),
            "after": _l("The cursor of the answer before."),
            "wait": _l("How many seconds to wait for something new, up to 25."),
        },
        public=True,
        problems=(404, 422),
    ),
    "tracking_api.track": Call(
        summary=_l("Track by number; with a proof or a link also the way"),
        answer=outside.TrackAnswer,
        query={
            "tail": _l("The last four digits of the consignee’s phone, or the postcode."),
            "token": _l("The token of a share link."),
        },
        public=True,
        problems=(404,),
    ),
    "links_api.share": Call(
        summary=_l("Make a share link; its address is answered this once"),
        body=NewLink,
        answer=outside.LinkAnswer,
        statuses=(201,),
        problems=(403, 404, 422),
    ),
    "links_api.index": Call(
        summary=_l("List the share links of a consignment"),
        answer=outside.LinkList,
        problems=(404,),
    ),
    "links_api.revoke": Call(
        summary=_l("End a share link now"), statuses=(204,), problems=(403, 404)
    ),
    "imports_api.create": Call(
        summary=_l("Import consignments from a CSV or XLSX file"),
        answer=outside.ImportAnswer,
        statuses=(202,),
        query={
            "dry_run": _l("1: check only."),
            "mode": _l("“all”: all rows or none; “good”: the good rows."),
            "kind": _l("“orders”, or the “history” of past deliveries; guessed when left out."),
            "mapping": _l("Which column means what, as JSON; guessed when left out."),
        },
        upload=True,
        problems=(403, 404, 409, 413, 422),
    ),
    "messages_api.create": Call(
        summary=_l("Leave a message; the answer comes by mail and under the secret link"),
        body=messages.NewMessage,
        answer=messages.MessageAnswer,
        statuses=(201,),
        public=True,
        problems=(409, 422),
    ),
    "messages_api.index": Call(
        summary=_l(
            "List the board’s messages with their public answers; staff get the queue instead"
        ),
        answer=messages.MessageList,
        query={
            **PAGE,
            "topic": _l("Only this topic."),
            "q": _l("Words that must all be found."),
            "tab": _l(
                "For staff: open, overdue, mine, unpublished, published, answered, spam or all."
            ),
            "own": _l("1: the messages of one’s own company, for members."),
        },
        public=True,
        problems=(422,),
    ),
    "imports_api.show": Call(
        summary=_l("Ask how far an import is, and what is wrong with its rows"),
        answer=outside.ImportAnswer,
        query=PAGE,
        problems=(403, 404, 422),
    ),
    "applications_api.create": Call(
        summary=_l("Hand in an application for membership; a mail asks for proof of the address"),
        body=membership.NewApplication,
        answer=membership.HandedIn,
        statuses=(201,),
        public=True,
        problems=(409, 422),
    ),
    "applications_api.questions": Call(
        summary=_l("Read the questions of a new application"), public=True
    ),
    "applications_api.index": Call(
        summary=_l("List applications that reached the desk, the soonest due first"),
        answer=membership.ApplicationList,
        query={
            "state": _l("One state, “open” or “decided”; without it all that are open."),
            "q": _l("Words of name, reference, code, contact or city."),
            "country": _l("Country of registration, ISO 3166-1 alpha-2."),
            "overdue": _l("1: only those past their clock."),
            **PAGE,
        },
        problems=(403, 422),
    ),
    "applications_api.show": Call(
        summary=_l("Read an application: all of it at the desk, its standing with its key"),
        answer=membership.WholeApplication,
        query={"key": _l("The applicant’s key; the answer is the standing alone.")},
        public=True,
        problems=(404,),
    ),
    "applications_api.approve": Call(
        summary=_l("Make the applicant a member: company, owner and terms in one step"),
        body=membership.Approval,
        answer=membership.ApplicationAnswer,
        problems=(403, 404, 409, 422),
    ),
    "applications_api.refuse": Call(
        summary=_l("Refuse an application with a reason and words to the applicant"),
        body=membership.Refusal,
        answer=membership.ApplicationAnswer,
        problems=(403, 404, 409, 422),
    ),
    "applications_api.request_info": Call(
        summary=_l("Ask the applicant about named answers"),
        body=membership.InfoRequest,
        answer=membership.ApplicationAnswer,
        problems=(403, 404, 409, 422),
    ),
    **STOCK_CALLS,
    **CLUB_CALLS,
    "openapi.document": Call(
        summary=_l("Read this description as OpenAPI 3.1"), file="application/json", public=True
    ),
    "openapi.page": Call(
        summary=_l("Read this description as a page"), file="text/html", public=True
    ),
}
