"""What can be done with applications: one function a verb; none commits."""

from portal.membership.keys import invite_token, key_of, referral_code
from portal.membership.service.applicant import answer, check_asked, keep, noting_papers, withdraw
from portal.membership.service.deciding import Terms, approve, refuse, reopen
from portal.membership.service.filling import add_paper, begin, remove_paper, save
from portal.membership.service.forgetting import forget_old
from portal.membership.service.questions import change as change_questions
from portal.membership.service.questions import discard as discard_questions
from portal.membership.service.questions import draft as draft_questions
from portal.membership.service.questions import publish as publish_questions
from portal.membership.service.review import ask, check, hand_over, link, note, take
from portal.membership.service.sending import (
    Agreed,
    correct_email,
    mail_code,
    mail_links,
    mail_resume,
    prove_by_code,
    prove_by_link,
    send,
)

__all__ = [
    "Agreed",
    "Terms",
    "add_paper",
    "answer",
    "approve",
    "ask",
    "begin",
    "change_questions",
    "check",
    "check_asked",
    "correct_email",
    "discard_questions",
    "draft_questions",
    "forget_old",
    "hand_over",
    "invite_token",
    "keep",
    "key_of",
    "link",
    "mail_code",
    "mail_links",
    "mail_resume",
    "note",
    "noting_papers",
    "prove_by_code",
    "prove_by_link",
    "publish_questions",
    "referral_code",
    "refuse",
    "remove_paper",
    "reopen",
    "save",
    "send",
    "take",
    "withdraw",
]
