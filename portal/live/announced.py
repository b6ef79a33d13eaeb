"""Which event is heard where, and what of it leaves the server. Reviewed as a table.

Keys of topics are inside names; a client asks for a thing and ``gates`` gives it a key:

- ``consignment:NO``        its company, and links that show everything
- ``consignment.staff:NO``  the centre's people: internal notes too
- ``consignment.city:NO``   links that show milestones and cities only
- ``company:ID``            everything of a company · ``board`` dispatchers · ``me:ID`` one person
- ``inbound``, ``outbound``, ``warehouse`` and their kind: ``portal/live/announced_stock.py``
- ``inbox``, ``inbox-supplier``, ``inbox-applications``   what waits at the desk
"""

from collections.abc import Callable, Mapping
from typing import Any

from portal.accounts import events as accounts
from portal.billing import events as billing
from portal.club.daily import events as daily
from portal.club.direct import events as direct
from portal.club.games import events as games
from portal.club.points import events as points
from portal.consignments import events as consignments
from portal.documents import events as documents
from portal.enquiries import events as enquiries
from portal.exchange import events as exchange
from portal.forum import events as forum
from portal.learning import events as learning
from portal.live import announced_rooms, announced_stock
from portal.live.heard import Heard, Payload, company
from portal.membership import events as membership
from portal.pages import events as pages
from portal.pages.friends import events as friends
from portal.promotion import events as promotion


def _published(kind: str) -> Callable[[Payload], str | None]:
    return lambda e: f"{kind}:{e['no']}" if e["published"] else None


def _consignment(kind: str) -> Callable[[Payload], str | None]:
    return lambda e: f"{kind}:{e['no']}"


def _known_to_owner(kind: str) -> Callable[[Payload], str | None]:
    return lambda e: f"{kind}:{e['no']}" if e["owner_visible"] else None


_company = company


def _board(_e: Payload) -> str | None:
    return "board"


def _me(e: Payload) -> str | None:
    return f"me:{e['person_id']}"


def _actor(e: Payload) -> str | None:
    return f"me:{e['actor_id']}"


_PRINTED = ("ref", "done", "consignments")


def _importer(e: Payload) -> str | None:
    return f"me:{e['person_id']}" if e["person_id"] is not None else None


def _inbox(_e: Payload) -> str | None:
    return "inbox"


def _supplier_inbox(e: Payload) -> str | None:
    return "inbox-supplier" if e["topic"] == "supplier" else None


def _own(e: Payload) -> str | None:
    return f"company:{e['company_id']}" if e["company_id"] is not None else None


_MESSAGE = ("ref", "topic")
_AT_THE_DESK = (Heard(_inbox, _MESSAGE), Heard(_supplier_inbox, _MESSAGE))


def _applications(_e: Payload) -> str | None:
    return "inbox-applications"


def _topic(e: Payload) -> str | None:
    return f"topic:{e['ref']}"


def _review(_e: Payload) -> str | None:
    return "inbox-club"


def _raffle(e: Payload) -> str | None:
    return f"raffle:{e['ref']}"


def _concerned(e: Payload) -> str | None:
    return f"me:{e['person_id']}" if e["person_id"] is not None else None


def _club(e: Payload) -> str | None:
    """Nobody hears here of a space that is not for everybody."""
    return "club" if e.get("open") else None


#: Every move of an application that the desk sees, by the same two fields.
_APPLICATION = (Heard(_applications, ("ref", "state")),)
_EVERYTHING = (
    "no",
    "event_id",
    "code",
    "classifier",
    "status",
    "status_before",
    "occurred_at",
    "place",
    "reason",
    "note",
    "source",
    "published",
    "retracts",
)
_OWNERS = tuple(field for field in _EVERYTHING if field != "published")
_SUMMARY = ("no", "code", "classifier", "status", "status_before", "occurred_at", "place", "reason")
_INCIDENT = ("no", "ref", "kind", "predicted")
_CITY = ("no", "code", "classifier", "status", "occurred_at")
_NEW = ("no", "status", "order_ref", "city")

ANNOUNCED: Mapping[str, tuple[Heard, ...]] = {
    consignments.TrackingEventRecorded.name: (
        Heard(_published("consignment"), _OWNERS),
        Heard(_published("consignment.city"), _CITY),
        Heard(_consignment("consignment.staff"), _EVERYTHING),
        Heard(lambda e: _company(e) if e["published"] else None, _SUMMARY),
        Heard(_board, _SUMMARY),
    ),
    # Nobody can follow a consignment before it is there, so its own topics begin with what follows.
    consignments.ConsignmentCreated.name: (
        Heard(_company, _NEW),
        Heard(_board, _NEW),
    ),
    consignments.ConsignmentAmended.name: (
        Heard(_consignment("consignment"), ("no", "fields")),
        Heard(_consignment("consignment.staff"), ("no", "fields")),
        Heard(_company, ("no", "fields")),
        Heard(_board, ("no", "fields")),
    ),
    consignments.EstimateRenewed.name: (
        Heard(_consignment("consignment"), ("no", "at")),
        Heard(_consignment("consignment.city"), ("no", "at")),
        Heard(_consignment("consignment.staff"), ("no", "at")),
        Heard(_company, ("no", "at")),
        Heard(_board, ("no", "at")),
    ),
    consignments.PhotoAttached.name: (
        Heard(_published("consignment"), ("no", "ref", "event_id")),
        Heard(_consignment("consignment.staff"), ("no", "ref", "event_id")),
    ),
    consignments.IncidentOpened.name: (
        Heard(_known_to_owner("consignment"), _INCIDENT),
        Heard(_consignment("consignment.staff"), _INCIDENT),
        Heard(lambda e: _company(e) if e["owner_visible"] else None, _INCIDENT),
        Heard(_board, _INCIDENT),
    ),
    consignments.IncidentChanged.name: (
        Heard(_known_to_owner("consignment"), _INCIDENT),
        Heard(_consignment("consignment.staff"), (*_INCIDENT, "action", "state")),
        Heard(lambda e: _company(e) if e["owner_visible"] else None, _INCIDENT),
        Heard(_board, (*_INCIDENT, "action", "state")),
    ),
    accounts.RoleChanged.name: (Heard(_me, ("role", "company_name")),),
    accounts.PasswordChanged.name: (Heard(_me, ()),),
    accounts.PersonTold.name: (Heard(_me, ("kind",)),),
    accounts.InvitationAccepted.name: (Heard(_company, ("ref", "role")),),
    accounts.ColleagueInvited.name: (Heard(_company, ("ref", "role")),),
    exchange.ImportProgressed.name: (Heard(_importer, ("ref", "state", "progress")),),
    exchange.ImportChecked.name: (Heard(_importer, ("ref", "consignments", "good", "bad")),),
    exchange.ImportFinished.name: (Heard(_importer, ("ref", "created", "existing", "bad")),),
    exchange.ImportFailed.name: (Heard(_importer, ("ref",)),),
    documents.PrintProgressed.name: (Heard(_me, _PRINTED),),
    documents.PrintFinished.name: (Heard(_me, ("ref", "pages")),),
    enquiries.MessageReceived.name: _AT_THE_DESK,
    enquiries.MessageAdded.name: (*_AT_THE_DESK, Heard(_own, ("ref",))),
    enquiries.MessageAnswered.name: (*_AT_THE_DESK, Heard(_own, ("ref",))),
    enquiries.MessageChanged.name: _AT_THE_DESK,
    enquiries.CallBackRequested.name: (Heard(_inbox, ("ref",)),),
    enquiries.CallBackChanged.name: (Heard(_inbox, ("ref",)),),
    documents.PrintEnded.name: (Heard(_me, ("ref", "state")),),
    membership.ApplicationSubmitted.name: _APPLICATION,
    membership.ApplicationTaken.name: _APPLICATION,
    membership.ApplicationAskedBack.name: _APPLICATION,
    membership.ApplicationAnswered.name: _APPLICATION,
    membership.ApplicationApproved.name: _APPLICATION,
    membership.ApplicationRefused.name: _APPLICATION,
    membership.ApplicationReopened.name: _APPLICATION,
    membership.ApplicationWithdrawn.name: _APPLICATION,
    membership.ApplicationNoted.name: _APPLICATION,
    direct.MessageWritten.name: (Heard(_me, ("ref", "no")), Heard(_actor, ("ref", "no"))),
    direct.MessagesRead.name: (Heard(_me, ("ref", "no")),),
    direct.MessageReported.name: (Heard(_review, ("ref",)),),
    direct.ReportDecided.name: (Heard(_me, ("ref", "outcome")),),
    points.RewardOrdered.name: (Heard(_concerned, ("ref", "state")),),
    points.RewardMoved.name: (Heard(_concerned, ("ref", "state")),),
    daily.RaffleChanged.name: (Heard(_raffle, ("ref", "what")),),
    daily.TicketsTaken.name: (Heard(_raffle, ("ref", "tickets")),),
    daily.RaffleDrawn.name: (Heard(_raffle, ("ref",)),),
    forum.TopicBegun.name: (Heard(_club, ("ref",)),),
    forum.PostWritten.name: (Heard(_topic, ("ref", "no", "reply_to")),),
    forum.PostEdited.name: (Heard(_topic, ("ref", "no", "version")),),
    forum.PostReacted.name: (Heard(_topic, ("ref", "no", "kind", "count")),),
    forum.AnswerAccepted.name: (Heard(_topic, ("ref", "no")),),
    forum.PostShown.name: (Heard(_topic, ("ref", "no", "shown")),),
    forum.TopicChanged.name: (Heard(_topic, ("ref", "kind")),),
    forum.PollVoted.name: (Heard(_topic, ("ref", "poll")),),
    forum.ThreadMoved.name: (Heard(_topic, ("ref", "into", "how")),),
    forum.PostReported.name: (Heard(_review, ("no",)),),
    forum.TextHeld.name: (Heard(_review, ("ref",)),),
    forum.AppealAnswered.name: (Heard(_concerned, ("ref", "right")),),
    forum.ActTaken.name: (Heard(_review, ("ref", "kind")), Heard(_concerned, ("ref", "kind"))),
    **announced_rooms.ANNOUNCED,
    **announced_stock.ANNOUNCED,
}

#: Events that concern nobody's open page; they are kept for the audit trail only.
SILENT = (
    frozenset(
        {
            membership.ApplicationBegun.name,
            membership.ApplicationSent.name,
            membership.QuestionnairePublished.name,
            accounts.SignedIn.name,
            accounts.SignedOut.name,
            accounts.SignInLocked.name,
            accounts.PasswordResetRequested.name,
            accounts.InvitationWithdrawn.name,
            accounts.ApiKeyCreated.name,
            accounts.ApiKeyRevoked.name,
            accounts.CompanyChanged.name,
            accounts.CompanyConfirmed.name,
            accounts.ConfirmationAsked.name,
            accounts.CompanyNoted.name,
            accounts.MergeBegun.name,
            accounts.CompaniesMerged.name,
            accounts.MergeUndone.name,
            accounts.CompaniesExported.name,
            consignments.AddressAdded.name,
            consignments.AddressChanged.name,
            consignments.AddressRemoved.name,
            consignments.LinkShared.name,
            consignments.LinkRevoked.name,
            consignments.HistorySealed.name,
            exchange.ListExported.name,
            documents.PrintOrdered.name,
            enquiries.ClosedDayChanged.name,
            promotion.CampaignMade.name,
            promotion.CampaignChanged.name,
            promotion.CampaignMoved.name,
            promotion.CreativeKept.name,
            promotion.CreativeRemoved.name,
            billing.TariffSaved.name,
            billing.TariffMoved.name,
            direct.ReportLookedAt.name,
            daily.CheckedIn.name,
            daily.QuizAnswered.name,
            daily.QuestionChanged.name,
            games.RoundScored.name,
            games.WeekClosed.name,
            learning.WorkWritten.name,
            learning.WorkMoved.name,
            learning.QuizTaken.name,
            learning.CertificateIssued.name,
            learning.CertificateRevoked.name,
            learning.QuestionAsked.name,
            learning.QuestionAnswered.name,
            learning.QuestionMoved.name,
            points.BadgeAwarded.name,
            points.RewardEdited.name,
            forum.SpaceChanged.name,
            friends.FriendProposed.name,
            friends.FriendMoved.name,
            friends.FriendEdited.name,
            pages.PageWritten.name,
            pages.PageSubmitted.name,
            pages.PageSentBack.name,
            pages.PageScheduled.name,
            pages.PageUnscheduled.name,
            pages.PagePublished.name,
            pages.PageArchived.name,
            pages.PageDeleted.name,
        }
    )
    | announced_stock.SILENT
)


def topics_of(name: str, payload: Payload) -> list[str]:
    """Return the keys of the topics in which an event is heard."""
    keys = (heard.key(payload) for heard in ANNOUNCED.get(name, ()))
    return [key for key in keys if key is not None]


def public(name: str, payload: Payload, topic: str) -> dict[str, Any]:
    """Return the fields of an event that followers of ``topic`` may see."""
    for heard in ANNOUNCED.get(name, ()):
        if heard.key(payload) == topic:
            return {field: payload.get(field) for field in heard.fields}
    return {}
