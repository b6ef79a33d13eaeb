"""How messages and call-backs move when two companies turn out to be one."""

from portal.accounts import merging
from portal.accounts.merging import Rows
from portal.core.i18n import lazy as _l
from portal.enquiries.models import CallAttempt, CallBack, Message, MessageEntry, MessageFile


def join() -> None:
    """Let messages move with all that was said, call-backs with what came of them."""
    said = ((MessageEntry.__table__, "message_id"), (MessageFile.__table__, "message_id"))
    merging.provide_rows(Rows(Message.__table__, children=said), label=_l("Messages"))
    tried = ((CallAttempt.__table__, "call_back_id"),)
    merging.provide_rows(Rows(CallBack.__table__, children=tried), label=_l("Call-backs"))
