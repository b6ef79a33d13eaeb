"""What happened in the forum."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class _InTopic(Event):
    """Base of what happens in a topic; ``ref`` is the topic's."""

    ref: str

    @property
    def about(self) -> str | None:
        """Name the topic."""
        return f"topic:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class TopicBegun(_InTopic):
    """Somebody began a topic. ``space``: its slug; ``open``: everybody may read there."""

    name: ClassVar[str] = "forum.topic_begun"
    space: str
    open: bool = False


@dataclass(frozen=True, kw_only=True)
class PostWritten(_InTopic):
    """Somebody replied. ``mentioned``: ids of the people named in it."""

    name: ClassVar[str] = "forum.post_written"
    no: int
    reply_to: int | None
    mentioned: list[int]


@dataclass(frozen=True, kw_only=True)
class PostEdited(_InTopic):
    """A post says something else now."""

    name: ClassVar[str] = "forum.post_edited"
    no: int
    version: int


@dataclass(frozen=True, kw_only=True)
class PostReacted(_InTopic):
    """Somebody found a post useful (or takes that back, ``count`` is what it is now)."""

    name: ClassVar[str] = "forum.post_reacted"
    no: int
    kind: str
    count: int


@dataclass(frozen=True, kw_only=True)
class AnswerAccepted(_InTopic):
    """Who asked took a post for the answer; ``no`` None: he takes that back."""

    name: ClassVar[str] = "forum.answer_accepted"
    no: int | None


@dataclass(frozen=True, kw_only=True)
class PollVoted(_InTopic):
    """A poll of a topic was begun, voted in or closed; nobody is told by whom."""

    name: ClassVar[str] = "forum.poll_voted"
    poll: str


@dataclass(frozen=True, kw_only=True)
class ThreadMoved(_InTopic):
    """Posts of a topic stand in another now. ``how``: merged, split, unmerged; ``into``: there."""

    name: ClassVar[str] = "forum.thread_moved"
    into: str
    how: str


@dataclass(frozen=True, kw_only=True)
class SpaceChanged(Event):
    """The centre made or changed a space, or took it away."""

    name: ClassVar[str] = "forum.space_changed"
    slug: str


@dataclass(frozen=True, kw_only=True)
class TextHeld(Event):
    """A text of somebody new waits for a moderator."""

    name: ClassVar[str] = "forum.text_held"
    ref: str


@dataclass(frozen=True, kw_only=True)
class PostReported(_InTopic):
    """Somebody reported a post; ``hidden``: the reports together hide it now."""

    name: ClassVar[str] = "forum.post_reported"
    no: int
    hidden: bool


@dataclass(frozen=True, kw_only=True)
class ActTaken(Event):
    """A moderator did something that concerns a person."""

    name: ClassVar[str] = "forum.act_taken"
    ref: str
    kind: str
    person_id: int | None


@dataclass(frozen=True, kw_only=True)
class AppealAnswered(Event):
    """Somebody has looked again at an act; ``right``: it is turned back where that can be done."""

    name: ClassVar[str] = "forum.appeal_answered"
    ref: str
    person_id: int | None
    right: bool


@dataclass(frozen=True, kw_only=True)
class PostShown(_InTopic):
    """A post is hidden now, or (``shown``) shown again."""

    name: ClassVar[str] = "forum.post_shown"
    no: int
    shown: bool


@dataclass(frozen=True, kw_only=True)
class TopicChanged(_InTopic):
    """A topic is another one now. ``kind``: of ``rules.order.ACTS``, such as locked, moved."""

    name: ClassVar[str] = "forum.topic_changed"
    kind: str
