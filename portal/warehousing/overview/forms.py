"""What a supervisor says of a task: who is to do it."""

from portal.core.api import Shape


class Given(Shape):
    """A task and the person it is given to; nobody: it is free for all again."""

    kind: str
    ref: str
    person: int | None = None
