"""The calls of the club in words."""

from collections.abc import Mapping

from portal.core.i18n import lazy as _l
from portal.exchange.described import PAGE, Call
from portal.forum import api as club

_HELD = (201, 202)
CLUB_CALLS: Mapping[str, Call] = {
    "club_api.index": Call(
        summary=_l("List topics of the club, the last written to first"),
        query={
            **PAGE,
            "space": _l("The name of a space in addresses, such as “packing”."),
            "tag": _l("One tag."),
            "q": _l("Words in a post of the topic."),
            "only": _l("“new”, “unanswered”, “solved”, “mine” or “followed”."),
        },
        problems=(403, 404, 422),
    ),
    "club_api.begin": Call(
        summary=_l("Begin a topic; 202 where a moderator looks at it first"),
        body=club.NewTopic,
        statuses=_HELD,
        problems=(403, 404, 409, 422),
    ),
    "club_api.read": Call(
        summary=_l("List the posts of a topic in their order"),
        query=PAGE,
        problems=(403, 404, 422),
    ),
    "club_api.reply": Call(
        summary=_l("Reply to a topic; 202 where a moderator looks at it first"),
        body=club.NewPost,
        statuses=_HELD,
        problems=(403, 404, 409, 422),
    ),
    "club_api.react": Call(
        summary=_l("Say what one thinks of a post, or take that back"),
        body=club.Reaction,
        problems=(403, 404, 409, 422),
    ),
    "club_api.flag": Call(
        summary=_l("Report a post to the moderators"),
        body=club.Flag,
        statuses=(204,),
        problems=(403, 404, 409, 422),
    ),
}
