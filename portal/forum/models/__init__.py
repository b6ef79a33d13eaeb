"""Tables of the forum, split by noun. Nothing in it belongs to one company: members read it all."""

from portal.forum.models.draft import ForumDraft, ForumFeed
from portal.forum.models.moved import ForumMoved
from portal.forum.models.order import (
    ForumAct,
    ForumFlag,
    ForumHeld,
    ForumReview,
    ForumSanction,
)
from portal.forum.models.person import ForumBlock, ForumFollow, ForumProfile, ForumRead
from portal.forum.models.picture import ForumPicture, ForumPostPicture
from portal.forum.models.poll import ForumPoll, ForumPollOption, ForumPollVote
from portal.forum.models.post import ForumPost, ForumReaction, ForumRevision
from portal.forum.models.space import ForumSpace
from portal.forum.models.topic import ForumTag, ForumTopic

__all__ = [
    "ForumAct",
    "ForumBlock",
    "ForumDraft",
    "ForumFeed",
    "ForumFlag",
    "ForumFollow",
    "ForumHeld",
    "ForumMoved",
    "ForumPicture",
    "ForumPoll",
    "ForumPollOption",
    "ForumPollVote",
    "ForumPost",
    "ForumPostPicture",
    "ForumProfile",
    "ForumReaction",
    "ForumRead",
    "ForumReview",
    "ForumRevision",
    "ForumSanction",
    "ForumSpace",
    "ForumTag",
    "ForumTopic",
]
