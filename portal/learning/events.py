"""Facts about learning that others may react to, kept for the audit trail."""

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class WorkEvent(Event):
    """Base of what happens to one course or book."""

    kind: str
    slug: str
    company_id: int | None = None  # the centre’s own words

    @property
    def about(self) -> str:
        """The course or book."""
        return f"{self.kind}:{self.slug}"


@dataclass(frozen=True, kw_only=True)
class WorkWritten(WorkEvent):
    """Somebody made or changed it; ``part`` is what was changed."""

    name = "learning.written"
    number: int
    part: str


@dataclass(frozen=True, kw_only=True)
class WorkMoved(WorkEvent):
    """It was submitted, sent back, published or archived."""

    name = "learning.moved"
    state: str
    number: int


@dataclass(frozen=True, kw_only=True)
class QuizTaken(WorkEvent):
    """Somebody handed in a quiz."""

    name = "quiz.taken"
    ref: str
    percent: int
    passed: bool


@dataclass(frozen=True, kw_only=True)
class CertificateEvent(Event):
    """Base of what happens to one certificate."""

    number: str
    company_id: int | None = None  # it is a person’s, whoever he works for

    @property
    def about(self) -> str:
        """The certificate."""
        return f"certificate:{self.number}"


@dataclass(frozen=True, kw_only=True)
class CertificateIssued(CertificateEvent):
    """Somebody passed a course and wants the paper."""

    name = "certificate.issued"
    slug: str
    score: int


@dataclass(frozen=True, kw_only=True)
class CertificateRevoked(CertificateEvent):
    """It counts no more."""

    name = "certificate.revoked"
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuestionEvent(Event):
    """Base of what happens to one question to the experts."""

    ref: str
    company_id: int | None = None

    @property
    def about(self) -> str:
        """The question."""
        return f"question:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(QuestionEvent):
    """``state`` is spam where it was put aside at once."""

    name = "question.asked"
    topic: str
    state: str


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(QuestionEvent):
    """An expert answered."""

    name = "question.answered"
    is_public: bool


@dataclass(frozen=True, kw_only=True)
class QuestionMoved(QuestionEvent):
    """``action``: taken, given_back, published, hidden, spam, open."""

    name = "question.moved"
    action: str
