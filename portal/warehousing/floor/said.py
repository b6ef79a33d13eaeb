"""What a handheld says with a command, and what it is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, PrivateAttr, model_validator
from sqlalchemy import Connection

from portal.accounts.access import User
from portal.core import clock
from portal.core.api import Shape
from portal.core.numbers import MOST_ID

#: A clock that differs more than this is told to be wrong.
STEADY = timedelta(seconds=60)
#: The longest that a command waits on a handheld (``commands.KEPT_FOR``).
LONGEST = timedelta(days=30)
CUES = ("good", "warn", "bad")
#: The id of a row in a hidden field: no more than databases can hold.
Id = Annotated[int, Field(ge=0, le=MOST_ID)]


class Said(Shape):
    """The fields of every command; a command with fields of its own derives from it.

    ``key``: made by the handheld, once for each press or scan. ``at``: when that was, by its
    clock. ``sent_at``: when it was sent, by the same clock; with it the difference of the clocks
    is known, however long the command waited for the network. ``who``: the person whose screen it
    is (a device may change hands while commands wait). ``scan``: what was scanned.
    """

    key: str = Field(min_length=8, max_length=100)
    at: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None
    who: str = ""
    scan: str = ""
    _skew: timedelta = PrivateAttr(default=timedelta())
    _received: datetime = PrivateAttr(default_factory=clock.now)
    _picture_key: str | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _without_zero_bytes(cls, said: Any) -> Any:
        """Drop what scanners send between codes at times, and no database stores."""
        if not isinstance(said, dict):
            return said
        return {
            name: each.replace("\0", "") if isinstance(each, str) else each
            for name, each in said.items()
        }

    def model_post_init(self, _context: Any, /) -> None:
        """Note by how much the clock of the handheld differs from ours."""
        self._received = clock.now()
        if self.sent_at is not None:
            skew = self._received - self.sent_at
            self._skew = skew if abs(skew) > STEADY else timedelta()

    @property
    def skew(self) -> timedelta:
        """Return by how much the clock of the handheld is slow; negative: fast; 0: it is right."""
        return self._skew

    @property
    def picture_key(self) -> str | None:
        """Return the key of the photo that came with it, if one did."""
        return self._picture_key

    def with_picture(self, key: str) -> None:
        """Note the photo that came with it, once it is kept."""
        self._picture_key = key

    @property
    def said_at(self) -> datetime | None:
        """Return when it was done, by our clock; never in the future.

        None where nobody knows: it was not said, or it cannot be, so long ago.
        """
        if self.at is None:
            return None
        ago = self._received - self.at - self._skew
        return None if ago > LONGEST else self._received - max(ago, timedelta())


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command answers: one sentence, its cue, and where the work goes on.

    ``cue``: good, warn (done, but look) or bad. ``next``: the address of the screen to show;
    None: the same one again. ``undo``: what the command's undo is given to take it back; None:
    it cannot be. ``task``: (kind, reference) of what the person is at: his hold on it is renewed;
    with ``done`` it ends. ``location_id``: where he stands now. ``data``: more for the screen's
    own module. All of it but ``say`` is JSON.
    """

    say: Any
    cue: str = "good"
    next: str | None = None
    undo: Mapping[str, Any] | None = None
    task: tuple[str, str] | None = None
    done: bool = False
    location_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


#: What takes a command back: given what its answer said of ``undo``, by whom, on a connection.
Undo = Callable[[Mapping[str, Any], User, Connection], Answer]
