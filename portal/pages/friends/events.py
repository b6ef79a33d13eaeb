"""Facts about friendly links."""

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class FriendEvent(Event):
    """Base of what happens to one link."""

    ref: str

    @property
    def about(self) -> str:
        """The link."""
        return f"friend:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class FriendProposed(FriendEvent):
    """Somebody proposed a link."""

    name = "friend.proposed"


@dataclass(frozen=True, kw_only=True)
class FriendMoved(FriendEvent):
    """A link was listed, hidden or refused, by somebody or because it stopped answering."""

    name = "friend.moved"
    state: str
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class FriendEdited(FriendEvent):
    """A link was made or changed at the desk."""

    name = "friend.edited"
