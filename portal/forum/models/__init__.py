"""Tables of the forum, split by noun. Nothing in it belongs to one company: members read it all."""

from portal.forum.models.person import ForumFollow, ForumProfile, ForumRead
from portal.forum.models.post import ForumPost, ForumReaction, ForumRevision
from portal.forum.models.space import ForumSpace
from portal.forum.models.topic import ForumTag, ForumTopic

__all__ = [
    "ForumFollow",
    "ForumPost",
    "ForumProfile",
    "ForumReaction",
    "ForumRead",
    "ForumRevision",
    "ForumSpace",
    "ForumTag",
    "ForumTopic",
]
