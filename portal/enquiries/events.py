"""Facts about messages and call-backs that other features may react to."""

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageEvent(Event):
    """Base of what happens to one message; ``topic`` tells who may hear of it."""

    ref: str
    topic: str

    @property
    def about(self) -> str:
        """The message."""
        return f"message:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class MessageReceived(MessageEvent):
    """``state`` is spam where it was put aside at once."""

    name = "message.received"
    state: str
    is_private: bool


@dataclass(frozen=True, kw_only=True)
class MessageAdded(MessageEvent):
    """Its writer added something."""

    name = "message.added"


@dataclass(frozen=True, kw_only=True)
class MessageAnswered(MessageEvent):
    """``minutes`` of working time it took, if it was the first answer."""

    name = "message.answered"
    is_public: bool
    minutes: int | None


@dataclass(frozen=True, kw_only=True)
class MessageChanged(MessageEvent):
    """Somebody of the centre did ``action``: see rules.ACTIONS; ``detail`` is to whom or what."""

    name = "message.changed"
    action: str
    detail: str | None = None


@dataclass(frozen=True, kw_only=True)
class CallBackEvent(Event):
    """Base of what happens to one request to be called."""

    ref: str

    @property
    def about(self) -> str:
        """The request."""
        return f"call_back:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class CallBackRequested(CallBackEvent):
    name = "call_back.requested"
    due_at: str


@dataclass(frozen=True, kw_only=True)
class CallBackChanged(CallBackEvent):
    """``action``: taken, given_back, reached, not_reached, closed, spam, not_spam."""

    name = "call_back.changed"
    action: str


@dataclass(frozen=True, kw_only=True)
class ClosedDayChanged(Event):
    """A day was entered (or, ``works_like`` and ``is_entered`` false, taken out again)."""

    name = "closed_day.changed"
    on: str
    is_entered: bool
    works_like: int | None = None
