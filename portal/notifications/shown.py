"""Notices as sentences, in the reader's language at the moment of reading."""

from collections.abc import Mapping

from flask_babel import ngettext

from portal.club.points.rules.rewards import STATES as REWARD_STATES
from portal.core import i18n
from portal.core.i18n import gettext as _
from portal.forum.rules.order import ACTS
from portal.forum.rules.posts import SUGGESTIONS
from portal.notifications.visible import Seen


def text_of(seen: Seen) -> str:
    """Return what a notice says."""
    return _SAY[seen.notice.kind](seen)


def more_of(seen: Seen) -> str:
    """Return what is said below: a moderator's reason; empty where there is nothing."""
    reason = seen.said.get("reason")
    return _("Reason: %(reason)s", reason=reason) if reason else ""


def _who(seen: Seen) -> str:
    if not seen.others:
        return seen.who
    return ngettext(
        "%(name)s and %(num)d other", "%(name)s and %(num)d others", seen.others, name=seen.who
    )


def _followed(seen: Seen) -> str:
    return ngettext(
        "%(num)d new reply in “%(title)s”",
        "%(num)d new replies in “%(title)s”",
        seen.count,
        title=seen.title,
    )


def _mention(seen: Seen) -> str:
    return _("%(who)s named you in “%(title)s”", who=_who(seen), title=seen.title)


def _reply(seen: Seen) -> str:
    return _("%(who)s replied to you in “%(title)s”", who=_who(seen), title=seen.title)


def _begun(seen: Seen) -> str:
    return _("%(who)s began the topic “%(title)s”", who=seen.who, title=seen.title)


def _accepted(seen: Seen) -> str:
    return _("Your reply in “%(title)s” is taken for the answer", title=seen.title)


def _suggestion(seen: Seen) -> str:
    status = str(SUGGESTIONS.get(seen.said["status"], ""))
    return _("Suggestion “%(title)s”: %(status)s", title=seen.title, status=status)


def _reactions(seen: Seen) -> str:
    if seen.said["posts"] == 1:
        return ngettext(
            "%(num)d reader found your post in “%(title)s” good",
            "%(num)d readers found your post in “%(title)s” good",
            seen.count,
            title=seen.title,
        )
    return _(
        "Your posts were found good %(count)s times, most recently in “%(title)s”",
        count=seen.count,
        title=seen.title,
    )


def _direct(seen: Seen) -> str:
    if seen.count == 1:
        return _("%(who)s wrote to you", who=seen.who)
    return ngettext(
        "%(num)d message of %(who)s", "%(num)d messages of %(who)s", seen.count, who=seen.who
    )


def _act(seen: Seen) -> str:
    return _("A moderator: %(act)s", act=ACTS.get(seen.said["act"], ""))


def _appeal(seen: Seen) -> str:
    if seen.said["answer"] == "reversed":
        return _("Somebody else has looked again: you were right")
    return _("Somebody else has looked again: it stays as it is")


def _hour(seen: Seen) -> str:
    at = i18n.instant(seen.said["starts_at"])
    return _("The question hour “%(title)s” begins %(at)s", title=seen.title, at=at)


def _named(names: Mapping[str, str]) -> str:
    return names.get(i18n.tag()) or names.get("zh-Hans") or next(iter(names.values()), "")


def _won(seen: Seen) -> str:
    return _("You have won in the raffle “%(title)s”", title=_named(seen.said["titles"]))


def _reward(seen: Seen) -> str:
    name = _named(seen.said["names"])
    state = REWARD_STATES[seen.said["state"]]
    return _("Your reward “%(name)s”: %(state)s", name=name, state=state)


_SAY = {
    "followed": _followed,
    "mention": _mention,
    "reply": _reply,
    "begun": _begun,
    "accepted": _accepted,
    "suggestion": _suggestion,
    "reactions": _reactions,
    "direct": _direct,
    "act": _act,
    "appeal": _appeal,
    "hour": _hour,
    "reward": _reward,
    "won": _won,
}
